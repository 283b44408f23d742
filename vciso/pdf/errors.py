"""What goes wrong while a page is drawn, in words for the person who asked."""


class RenderFailed(Exception):
    """No PDF was made. The message is a plain sentence; `detail` is for the log."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.detail = detail
