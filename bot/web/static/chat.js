// Sends without leaving the page. Without this file every form on the page still works by itself.
"use strict";
(() => {
  const talk = document.getElementById("talk");
  const form = document.getElementById("say");
  const field = document.getElementById("text");
  const send = form.querySelector("button");
  const words = document.body.dataset;

  const add = (kind, text) => {
    const item = document.createElement("li");
    item.className = kind;
    if (kind === "said") {
      const who = document.createElement("span");
      who.className = "hidden";
      who.textContent = `${words.you}: `;
      item.append(who);
    }
    const body = document.createElement("p");
    body.textContent = text;
    if (kind === "failed") {
      const bubble = document.createElement("div");
      bubble.className = "bubble";
      bubble.append(body);
      item.append(bubble);
    } else {
      item.append(body);
    }
    talk.append(item);
    return item;
  };

  const showPositionButtons = () => {
    if (!navigator.geolocation || !window.isSecureContext) return;
    for (const button of talk.querySelectorAll("button.position")) button.hidden = false;
  };

  // The words around the conversation change with its language, without losing what was said.
  const speakToo = async () => {
    try {
      const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
      for (const part of ["header", ".emergency", ".skip", "label[for=text]", "#say button"]) {
        document.querySelector(part).innerHTML = page.querySelector(part).innerHTML;
      }
      field.placeholder = page.getElementById("text").placeholder;
      Object.assign(document.body.dataset, page.body.dataset);
    } catch {
      // The old words stay; the conversation goes on.
    }
  };

  const ask = async (what, said) => {
    for (const item of talk.children) item.classList.add("past");
    const mine = said ? add("said", said) : null;
    const waiting = add("waiting", words.wait);
    send.disabled = true;
    talk.setAttribute("aria-busy", "true");
    try {
      const response = await fetch("/chat", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(what),
        credentials: "same-origin",
      });
      if (!response.ok) throw new Error(String(response.status));
      const answer = await response.json();
      if (answer.language !== document.documentElement.lang) {
        document.documentElement.lang = answer.language;
        speakToo();
      }
      if (answer.erase) talk.replaceChildren();
      form.elements.greeted?.remove();
      waiting.remove();
      const before = talk.lastElementChild;
      talk.insertAdjacentHTML("beforeend", answer.html);
      showPositionButtons();
      const first = mine || (before && before.nextElementSibling) || talk.firstElementChild;
      if (first) first.scrollIntoView({ block: "start" });
      return true;
    } catch {
      waiting.remove();
      add("failed", words.failed).scrollIntoView({ block: "end" });
      return false;
    } finally {
      send.disabled = false;
      talk.removeAttribute("aria-busy");
    }
  };

  const grow = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 3, 144)}px`;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || send.disabled) return;
    field.value = "";
    grow();
    // The first message answers the first screen, and may choose one of its buttons by number.
    const what = form.elements.greeted ? { text, greeted: true } : { text };
    if (!(await ask(what, text))) {
      field.value = text;
      grow();
    }
  });
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  talk.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.name !== "button") return;
    event.preventDefault();
    if (!send.disabled) ask({ button: button.value }, button.textContent.trim());
  });
  talk.addEventListener("click", (event) => {
    const button = event.target.closest("button.position");
    if (!button || send.disabled) return;
    navigator.geolocation.getCurrentPosition(
      (found) => ask({ position: [found.coords.latitude, found.coords.longitude] }, button.textContent.trim()),
      () => add("failed", words.noPosition).scrollIntoView({ block: "end" }),
      { timeout: 10000, maximumAge: 60000 },
    );
  });

  // Leaving replaces the page, so that "back" does not lead here again.
  document.querySelector("header").addEventListener("click", (event) => {
    if (!event.target.closest(".exit")) return;
    event.preventDefault();
    talk.replaceChildren();
    location.replace("/exit");
  });
  // A page that the browser kept aside shows nothing of an earlier conversation.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  showPositionButtons();
})();
