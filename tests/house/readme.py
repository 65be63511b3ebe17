"""Write the generated passages of README from what the code runs on: `python -m tests.house.readme`."""

from pathlib import Path

from bot.conversation.drawing import mermaid
from bot.settings import as_markdown

README = Path(__file__).resolve().parents[2] / "README.md"


def passages() -> dict[str, str]:
    """Each generated passage by the name of its markers."""
    return {"conversation": f"```mermaid\n{mermaid().strip()}\n```", "settings": as_markdown().strip()}


def between(name: str, text: str) -> str:
    """What stands between the markers of a passage."""
    return text.split(f"<!-- {name}:begin -->")[1].split(f"<!-- {name}:end -->")[0].strip()


def rewritten(text: str) -> str:
    """README with every passage as it is generated now."""
    for name, passage in passages().items():
        start, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        text = f"{text.split(start)[0]}{start}\n{passage}\n{end}{text.split(end)[1]}"
    return text


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
