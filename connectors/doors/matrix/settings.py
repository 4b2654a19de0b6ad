"""The settings of the Matrix door: `GRID36_DOOR_MATRIX_URL` is `url`."""

from pydantic import Field, SecretStr

from schemas.models import FileModel


class MatrixSettings(FileModel):
    """What may be set, with its default. Servers differ in their limits."""

    url: str = Field(pattern=r"^https?://[^/]+")
    """Address of the server, as clients are given it."""
    token: SecretStr = SecretStr("")
    """Access token of the bot's account."""
    user: str = ""
    """Or its name, such as `grid36`."""
    password: SecretStr = SecretStr("")
    """And its password, which is used once; the token that it gives stays in the door's folder."""
    wait_s: float = Field(default=30, ge=0, le=300)
    """How long the server may hold a request for news that are not there yet."""
    timeout_s: float = Field(default=30, gt=0, le=600)
    """How long an answer may take."""
    events: int = Field(default=50, ge=1, le=1000)
    """Events of one room in one answer; what is more is asked for in pages of as many."""
    backlog: int = Field(default=1000, ge=1, le=100_000)
    """Events that are read back to our invitation when we come into a room."""
    answer_bytes: int = Field(default=50_000_000, ge=100_000)
    """The largest answer that is read."""
    media_bytes: int = Field(default=120_000_000, ge=100_000)
    """The largest file that is fetched."""
    characters: int = Field(default=10_000, ge=200, le=15_000)
    """Of a message; an event of Matrix has at most 65,536 bytes."""
    per_second: float = Field(default=20, gt=0)
    """Messages to all together. Synapse allows one in 5 s until an account is excepted (docs/connect/matrix.md)."""
    per_chat_per_minute: float = Field(default=30, gt=0)
    remember_days: float = Field(default=180, gt=0)
    """How long answers and reactions to a message of ours are understood as such."""
