"""What a viewer may do in a case: a button that leads to a refusal is not shown."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from registry.models import RevisionCase, User


@dataclass(frozen=True)
class Button:
    """A way to a form; it opens in place where the browser can, on its own page elsewhere."""

    label: str
    url: str
    in_place: bool = True


@dataclass(frozen=True)
class Rights:
    open: bool
    log: bool
    link: bool
    read: bool
    see_images: bool
    add_images: bool

    @classmethod
    def of(cls, viewer: User, case: RevisionCase) -> "Rights":
        return cls(
            open=case.closed_on is None,
            log=viewer.has_perm("registry.log_case", case),
            link=viewer.has_perm("registry.link_images", case),
            read=viewer.has_perm("registry.read_study", case),
            see_images=viewer.has_perm("imaging.view_study", case),
            add_images=viewer.has_perm("imaging.add_study", case),
        )

    def button(self, label: str, name: str, public_id: UUID) -> list[Button]:
        """To a form that logs or corrects; none for who may not."""
        if not self.log:
            return []
        return [Button(label, reverse(f"registry:{name}", args=[public_id]))]

    def adding_button(self, label: str, name: str, public_id: UUID) -> list[Button]:
        """To a form that adds to the case; none once it is closed."""
        return self.button(label, name, public_id) if self.open else []
