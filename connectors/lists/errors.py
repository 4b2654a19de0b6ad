"""What can go wrong with lists on pages, besides the lists themselves."""

from schemas.errors import Retry, Stop, WrongInput


class ListsUnwritableError(Retry):
    """The file of drafts and activations cannot be used. Look at the free space and the rights of the folder."""

    file: str
    fault: str


class RowUnreadable(WrongInput):
    """These cells cannot be read. Correct what is named, and save again."""


class RowElsewhere(Stop):
    """This row is not there any more: the draft changed meanwhile. Choose it again."""


class CheckTooLong(Stop):
    """The check took too long and was ended. Check it with the command `grid36 rules check`, which has no limit."""


class CheckFailed(Retry):
    """The check ended without an answer, as it does when the workbook needs too much memory. Try again; if it ends
    so again, check it with the command `grid36 rules check`.
    """
