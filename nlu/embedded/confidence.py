"""How sure: turns the signs of a decision into the chance that it is right, learned on held-out messages."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.float64]  # one row a message


@dataclass(frozen=True)
class Confidence:
    """A small logistic regression over the signs, and two bounds: below `unsure` nothing is claimed,
    from `understood` on the message is answered without asking."""

    weights: Signs
    bias: float
    unsure: float
    understood: float

    def of(self, signs: Signs) -> Signs:
        """The chance, 0 to 1, that the best label is right, for one message or many."""
        return np.asarray(1 / (1 + np.exp(-np.clip(signs @ self.weights + self.bias, -30, 30))))


def learn_confidence(signs: Signs, right: NDArray[np.bool_], *, balanced: bool) -> Confidence:
    """Fits the chance on held-out messages; bounds are set afterwards by `with_bounds`."""
    from sklearn.linear_model import LogisticRegression

    if right.all() or not right.any():
        return Confidence(np.zeros(signs.shape[1]), 2.0 if right.all() else -2.0, 0.3, 0.6)
    middle, spread = signs.mean(0), signs.std(0) + 1e-9
    model = LogisticRegression(C=1.0, class_weight="balanced" if balanced else None)
    model.fit((signs - middle) / spread, right)
    weights = model.coef_[0] / spread
    return Confidence(weights, float(model.intercept_[0] - middle @ weights), 0.3, 0.6)


# However well the messages to set it by went: what is not four times in five right is asked about, and what
# is as likely right as wrong is still offered to choose from.
_ASK_BELOW = 0.8
_CLAIM_NOTHING_BELOW = 0.5


def bounds(
    sure: Signs, right: NDArray[np.bool_], in_scope: NDArray[np.bool_], *, wanted: float, lost: float
) -> tuple[float, float]:
    """(`unsure`, `understood`): at most a share `lost` of the in-scope messages fall below the first, and
    of those above the second at least a share `wanted` is right; both as held-out messages show."""
    scope = np.sort(sure[in_scope]) if in_scope.any() else np.sort(sure)
    unsure = float(scope[int(lost * len(scope))])
    order = np.argsort(-sure)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= wanted)
    enough = enough[enough >= min(20, len(order) - 1)]
    understood = float(sure[order][enough[-1]]) if len(enough) else float(sure[order][len(order) // 5])
    return min(unsure, understood), understood


# Of right answers, the share given up to recognise what nobody taught: best of eleven on small chatbots made of other
# people's messages (`tests/bench/rejection.py`, `MEASURED.md`).
_GIVEN_UP = 0.12


def bounds_of_right_answers(sure: Signs, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Bounds where nobody said what is out of scope: all right answers but `_GIVEN_UP` lie above `unsure`, four in
    five above `understood`."""
    good = np.sort(sure[right])
    if not len(good):
        return 0.3, 0.6
    return float(good[int(_GIVEN_UP * len(good))]), float(good[int(0.2 * len(good))])


def recalibrated(
    confidence: Confidence,
    signs: Signs,
    right: NDArray[np.bool_],
    in_scope: NDArray[np.bool_],
    *,
    wanted: float,
    lost: float,
) -> Confidence:
    """The confidence set right on messages written apart from the training sentences.

    Sentences left out of training judge too hard: they know one right label where people would accept two.
    One slope and one shift are learned, and the bounds set so that the mean confidence of what is understood
    is `wanted` and at most a share `lost` of what is in scope is not understood.
    """
    from sklearn.linear_model import LogisticRegression

    if right.all() or not right.any():
        return confidence
    scores = signs @ confidence.weights + confidence.bias
    model = LogisticRegression(C=1.0).fit(scores[:, None], right)
    slope, shift = max(float(model.coef_[0][0]), 0.1), float(model.intercept_[0])
    fresh = replace(confidence, weights=confidence.weights * slope, bias=confidence.bias * slope + shift)
    sure = np.sort(fresh.of(signs))[::-1]
    enough = np.flatnonzero(np.cumsum(sure) / np.arange(1, len(sure) + 1) >= wanted)
    understood = max(float(sure[enough[-1]]) if len(enough) else float(sure[0]), _ASK_BELOW)
    unsure = float(np.quantile(fresh.of(signs[in_scope]), lost)) if in_scope.any() else understood
    return replace(fresh, unsure=min(unsure, _CLAIM_NOTHING_BELOW), understood=understood)
