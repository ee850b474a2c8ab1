"""One running service for the tests of its page, in a home of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jixiao.app import service as serving
from tests.app.serve.loopback import Client


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A service on a free port, its page never opened by itself, and a client of it."""
    pytest.importorskip("uvicorn")
    service = serving.Service(0, home=tmp_path_factory.mktemp("服务 之家"), browse=lambda _: None)
    with service.running():
        yield Client(service)


@pytest.fixture
def session(client: Client) -> Iterator[str]:
    """A session, ended behind the test."""
    path = client.session()
    yield path
    client.call("DELETE", path)


@pytest.fixture(scope="session")
def own_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of an officer's own: a 评分表 beside the 决算 tables."""
    from tests.desk import foreign_book

    return foreign_book.make(tmp_path_factory.mktemp("own") / "自评 表.xlsx")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium of the system; skipped with the reason where there is none."""
    tools = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("没有 Chromium（apt-get install chromium），网页没有点过")
    with tools.sync_playwright() as tool:
        # Chromium's own sandbox refuses to run as root, which CI often is
        own = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        tools.expect.set_options(timeout=60_000)  # no test says how fast a loaded machine is
        browser = tool.chromium.launch(executable_path=found, args=own, timeout=120_000)
        yield browser
        browser.close()
