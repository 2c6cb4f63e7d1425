"""Sentences that officials read, in Chinese and English."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Text(NamedTuple):
    """One sentence in both languages.

    Examples
    --------
    >>> Text("重名", "same name").say("en")
    'same name'
    """

    zh: str
    en: str

    def say(self, language: Language = "zh") -> str:
        """Return the sentence in one language.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            The sentence as it is printed.
        """
        return self.zh if language == "zh" else self.en
