"""Splits the text of a law or a policy into its numbered parts, without Django.

`split_markdown` is safe in any process. `word.split_word` opens a hostile file: it is called by
`apps.analysis.files.confining.split`, in a process of its own.
"""

from apps.analysis.outlining.markdown import split_markdown
from apps.analysis.outlining.parts import Part, TooManyParts

__all__ = ["Part", "TooManyParts", "split_markdown"]
