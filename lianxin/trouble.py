"""What an operator must know and can mend: one sentence in each language, never a traceback."""


class Trouble(Exception):
    """The command line prints it and ends with code 2."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
