"""Tags that draw the components of templates/components/."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import lucide
from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from hrdb.kernel.screens import links
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.pieces import Fact, FindingLine, Step, Tag, TimelineEntry, TreeMore, TreeNode

register = template.Library()


#: What every Lucide drawing says of itself; our stylesheet says it once, under .icon.
DRAWN_ALIKE = re.compile(r' (?:fill="none"|stroke(?:-width|-linecap|-linejoin)?="[^"]*"|xmlns="[^"]*")')


@lru_cache(maxsize=512)
def _icon(name: str, size: int, css: str, label: str) -> SafeString:
    """The drawing of an icon, made once."""
    spoken = {"aria-label": label, "role": "img"} if label else {"aria-hidden": "true"}
    drawing = lucide._render_icon(name, size, **{"class": f"icon {css}".strip(), **spoken})
    head, close, body = drawing.partition(">")
    return mark_safe(DRAWN_ALIKE.sub("", head) + close + body.replace(" />", "/>").replace("\n", "").replace("  ", ""))


@register.simple_tag
def icon(name: str, size: int = 16, css: str = "", label: str = "") -> SafeString:
    """A Lucide icon, inlined; without `label` it is decoration."""
    return _icon(str(name), size, str(css), str(label))


@register.simple_tag(takes_context=True)
def link(context: Context, view_name: str, *args: Any, **query: Any) -> str:
    """The address of a view for the asked day: positional values fill the path, named ones the query."""
    return links.link(context["request"], view_name, *args, **query)


@register.simple_tag(takes_context=True)
def keep_day(context: Context, url: str) -> str:
    """An address made elsewhere, carrying the asked day."""
    return links.with_day(context.get("request"), str(url))


@register.simple_tag(takes_context=True)
def here(context: Context, **changes: Any) -> str:
    """This page's address with query parameters changed; "" takes one away."""
    return links.with_query(context["request"].get_full_path(), **changes)


@register.simple_tag
def label(text: Any, tone: str = "", icon_name: str = "") -> SafeString:
    """A small label (tag) with an optional icon; tone: good, warn, bad, act or nothing."""
    drawing = _icon(icon_name, 12, "", "") if icon_name else ""
    return format_html('<span class="tag {}">{}{}</span>', tone, drawing, text)


@register.simple_block_tag(end_name="endcard", takes_context=True)
def card(
    context: Context,
    content: str,
    title: str = "",
    note: Any = "",
    url: str = "",
    url_label: str = "",
    icon_name: str = "",
    bare: bool = False,
    id: str = "",
) -> str:
    """A card with a head: {% card "Quá trình công tác" note="7 giai đoạn" url=... url_label="Thêm" %}…{% endcard %}.

    `bare=True` lets a table or list reach the edges.
    """
    return render_to_string(
        "components/card.html",
        {
            "content": content,
            "title": title,
            "note": note,
            "url": links.with_day(context.get("request"), url) if url else "",
            "url_label": url_label,
            "icon_name": icon_name,
            "bare": bare,
            "id": id,
        },
    )


@register.simple_block_tag(end_name="endnote")
def note(content: str, tone: str = "", title: str = "") -> str:
    """A remark in a frame: {% note "warn" %}…{% endnote %}; tone: good, warn, bad or nothing."""
    return render_to_string("components/note.html", {"content": content, "tone": tone, "title": title})


@register.simple_block_tag(end_name="enddialog")
def dialog(content: str, id: str, title: str) -> str:
    """A native dialog, opened by a button with data-hr-dialog="ID"."""
    return render_to_string("components/dialog.html", {"content": content, "id": id, "title": title})


@register.inclusion_tag("components/findings.html", takes_context=True)
def findings(context: Context, lines: Sequence[FindingLine]) -> dict[str, Any]:
    """The lines of a card of findings (see pieces.finding_line); put it into {% card … bare=True %}."""
    return {"request": context.get("request"), "lines": lines}


@register.inclusion_tag("components/timeline.html", takes_context=True)
def timeline(context: Context, entries: Sequence[TimelineEntry]) -> dict[str, Any]:
    """Periods or events, newest first."""
    return {"request": context.get("request"), "entries": entries}


@register.inclusion_tag("components/facts.html", takes_context=True)
def facts(context: Context, items: Iterable[Fact | tuple[str, Any]], wide: bool = False) -> dict[str, Any]:
    """Labels with values: in a row (head of a page), or with `wide` as a grid that fills a card."""
    made = [item if isinstance(item, Fact) else Fact(*item) for item in items]
    return {"request": context.get("request"), "items": made, "css": "grid-facts" if wide else "facts"}


@register.inclusion_tag("components/tile.html", takes_context=True)
def tile(
    context: Context,
    title: str,
    figure: Any,
    text: str = "",
    chart: str = "",
    url: str = "",
    alarm: str = "",
    tone: str = "bad",
) -> dict[str, Any]:
    """A figure with its track (`chart`: an SVG of kernel.charts), a quiet line and what is wrong (`alarm`, `tone`)."""
    shown = number_text(figure) if isinstance(figure, int) and not isinstance(figure, bool) else figure
    words = {"title": title, "figure": shown, "text": text, "alarm": alarm, "tone": tone}
    return words | {"request": context.get("request"), "chart": chart, "url": url}


@register.inclusion_tag("components/empty.html", takes_context=True)
def empty(
    context: Context, title: str, text: str = "", icon_name: str = "inbox", url: str = "", url_label: str = ""
) -> dict[str, Any]:
    """The designed sentence where there is nothing, with the next step."""
    words = {"title": title, "text": text, "icon_name": icon_name, "url_label": url_label}
    return words | {"request": context.get("request"), "url": url}


@register.inclusion_tag("components/steps.html", takes_context=True)
def stepper(context: Context, items: Sequence[Step]) -> dict[str, Any]:
    """Where one is in a process of several pages (see pieces.steps)."""
    return {"request": context.get("request"), "items": items}


@register.inclusion_tag("components/diff.html")
def diff(changes: Sequence[Any], old_head: str = "Hiện có", new_head: str = "Sẽ ghi") -> dict[str, Any]:
    """Old and new values side by side (see pieces.Change)."""
    return {"changes": changes, "old_head": old_head, "new_head": new_head}


@register.inclusion_tag("components/progress.html")
def job_progress(job: Any, poll_url: str, label: str = "") -> dict[str, Any]:
    """The progress of long work; it asks again by itself until `job.is_finished`.

    `job` has state, phase, done, total, per_cent, is_finished, error.
    """
    return {"job": job, "poll_url": poll_url, "label": label}


@register.inclusion_tag("components/upload.html")
def upload(field: Any, title: str = "Kéo tệp vào đây", hint: str = "") -> dict[str, Any]:
    """A file field as a place to drop a file; without JavaScript an ordinary file field."""
    return {"field": field, "title": title, "hint": hint}


@register.inclusion_tag("components/tree.html", takes_context=True)
def tree(context: Context, nodes: Sequence[TreeNode], label: str, more: TreeMore | None = None) -> dict[str, Any]:
    """A tree that opens by mouse, by keyboard and by htmx; `more` leads to the nodes that are not shown."""
    return {"request": context.get("request"), "nodes": nodes, "label": label, "more": more}


@register.inclusion_tag("components/tree_nodes.html", takes_context=True)
def tree_children(context: Context, nodes: Sequence[TreeNode], more: TreeMore | None = None) -> dict[str, Any]:
    """The children of a node: what the address in `children_url` answers with."""
    return {"request": context.get("request"), "nodes": nodes, "more": more}


@register.inclusion_tag("components/tags.html")
def tags(items: Sequence[Tag]) -> dict[str, Any]:
    """Several small labels in a row."""
    return {"items": items}


@register.inclusion_tag("components/form.html")
def form_fields(form: Any) -> dict[str, Any]:
    """The fields of a form as FormScreen draws them, its own groups kept (`form.groups`)."""
    return {"form": form}


@register.filter
def fault_count(form: Any) -> int:
    """How many faults a form has."""
    return sum(len(faults) for faults in form.errors.values())
