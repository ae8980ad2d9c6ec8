"""Our own icons, 24 x 24, drawn as strokes in the colour of the text beside them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.safestring import SafeString, mark_safe

_PATHS: Mapping[str, str] = {
    "pass": '<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.8L16.2 9.5"/>',
    "fail": '<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z"/><path d="m9 9 6 6m0-6-6 6"/>',
    "unknown": '<circle cx="12" cy="12" r="9" stroke-dasharray="3.6 2.5"/>'
    '<path d="M9.7 9.5a2.4 2.4 0 1 1 3.3 2.2c-.7.3-1 .8-1 1.5v.3M12 16.5v.1"/>',
    "not_applicable": '<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>',
    "overview": '<path d="M4 13a8 8 0 1 1 16 0"/><path d="m12 13 4-4M3 17.5h18M6 21h12"/>',
    "document": '<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M9 12h6M9 16h6"/>',
    "report": '<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M9 17v-3m3 3v-6m3 6v-4"/>',
    "rules": '<path d="M12 4v16M7 20h10M5 7h14"/><path d="m5 7-2.5 6h5zM19 7l-2.5 6h5z"/>',
    "machine": '<rect x="3" y="4" width="18" height="12" rx="1.5"/><path d="M9 20h6M12 16v4"/>',
    "ledger": '<path d="M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2z"/>'
    '<path d="M5 17.5A1.5 1.5 0 0 1 6.5 16H19M9 8h6"/>',
    "library": '<path d="M4 4h4v16H4zM8 4h4v16H8z"/><path d="m13.5 5 3.8-1 3.9 15-3.9 1z"/>',
    "warning": '<path d="M12 4 2.8 20h18.4z"/><path d="M12 10v4.5M12 17v.1"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5M12 8v.1"/>',
    "download": '<path d="M12 4v11m-4-4 4 4 4-4M5 20h14"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "today": '<rect x="4" y="5" width="16" height="15" rx="1.5"/>'
    '<path d="M4 9.5h16M8.5 3v4m7-4v4m-6.2 7.6 2 2 3.6-3.8"/>',
    "register": '<path d="M5 4h14v16H5zM5 9h14M5 14h14M10 9v11"/>',
    "workflow": '<circle cx="6" cy="6" r="2.5"/><circle cx="18" cy="18" r="2.5"/>'
    '<path d="M8.5 6H15a3 3 0 0 1 0 6H9a3 3 0 0 0 0 6h6.5"/>',
    "tree": '<rect x="9" y="3" width="6" height="5" rx="1"/><rect x="3" y="16" width="6" height="5" rx="1"/>'
    '<rect x="15" y="16" width="6" height="5" rx="1"/><path d="M12 8v4m-6 4v-4h12v4"/>',
    "users": '<circle cx="9" cy="8" r="3.2"/><path d="M3 20c0-3.6 2.6-6 6-6s6 2.4 6 6"/>'
    '<path d="M15.5 5.2a3 3 0 0 1 0 5.7M17 14.4c2.4.7 4 2.8 4 5.6"/>',
    "contact": '<rect x="4" y="4" width="16" height="16" rx="2"/><circle cx="12" cy="10" r="2.4"/>'
    '<path d="M7.5 17c.6-2 2.4-3.2 4.5-3.2s3.9 1.2 4.5 3.2"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 1 1 12 0v5.5l1.5 1.5h-15z"/><path d="M10 20.5a2.2 2.2 0 0 0 4 0"/>',
    "mail": '<rect x="3" y="5.5" width="18" height="13" rx="1.5"/><path d="m3.5 7 8.5 6.5L20.5 7"/>',
    "person": '<circle cx="12" cy="8" r="3.6"/><path d="M5 20.5c.4-4 3.2-6.5 7-6.5s6.6 2.5 7 6.5"/>',
    "switch": '<path d="M7 4 3 8l4 4M3 8h13M17 12l4 4-4 4m4-4H8"/>',
    "next": '<path d="m9 5 7 7-7 7"/>',
    "ended": '<path d="M6 3h8l4 4v14H6z"/><path d="m9 11 6 6m0-6-6 6"/>',
}


def svg(name: str) -> SafeString:
    """Return an icon as inline SVG."""
    # The paths above are our own constants; no outside text enters.
    return mark_safe(  # noqa: S308
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{_PATHS[name]}</svg>'
    )
