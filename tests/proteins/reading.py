"""What a reader finds on a page."""

from __future__ import annotations

import re

from django.test import Client


def text_of(client: Client, url: str) -> str:
    """The text of a page as a reader sees it: no tags, spaces run together."""
    response = client.get(url)
    assert response.status_code == 200, url
    main = re.split(r"</?main[^>]*>", response.content.decode())[1]
    text = re.sub(r"</?(a|i|span|b)\b[^>]*>", "", main)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def names_in(client: Client, url: str, side: str = "targets") -> list[str]:
    """The names in the first column of one table of a page, without the tags beside them."""
    html = client.get(url).content.decode()
    section = html.split(f'<section id="{side}"')[1].split("</section>")[0]
    heads = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', section)
    links = [re.split(r"<span class=\"tag\">(?!itself)", head)[0] for head in heads]
    return [re.sub(r"<[^>]+>", "", link).strip() for link in links]
