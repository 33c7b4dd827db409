"""What the surroundings decide, and when the application refuses to start."""

from __future__ import annotations

import base64
import stat

import pytest

from workflow.factory import cabinet
from workflow.settings import Settings, Unsafe

GOOD = "kXr4-2vQ9-ZtL7-pWm1-Yc6N-bH3s-Fj8D"


def test_nothing_set_means_everything_under_instance(tmp_path):
    settings = Settings.from_environment({}, tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path}/instance/plumbline.sqlite"
    assert settings.base_url == "http://127.0.0.1:5000"
    assert len(settings.pepper) == 32
    assert len(settings.keys["1"]) == 32


def test_what_is_secret_is_made_once_and_for_us_alone(tmp_path):
    first = Settings.from_environment({}, tmp_path)
    second = Settings.from_environment({}, tmp_path)

    assert (first.secret_key, first.pepper, first.keys) == (second.secret_key, second.pepper, second.keys)
    for name in ("secret-key", "pepper", "keys"):
        assert stat.S_IMODE((tmp_path / "instance" / name).stat().st_mode) == 0o600
    assert sorted(p.name for p in (tmp_path / "instance").iterdir()) == ["keys", "pepper", "secret-key"]


def test_secrets_do_not_stand_in_what_is_printed(tmp_path):
    settings = Settings.from_environment({}, tmp_path)

    assert settings.secret_key not in repr(settings)
    assert repr(settings.pepper) not in repr(settings)


@pytest.mark.parametrize(
    "secret",
    [
        None,
        "",
        "short",
        "a" * 64,
        "abab" * 16,
        "change-me-change-me-change-me-0123456789",
        "an-example-secret-0123456789-abcdefghijkl",
    ],
)
def test_another_database_needs_a_secret_of_its_own(tmp_path, secret):
    environ = {"PLUMBLINE_DATABASE_URL": "sqlite:////nowhere/x.sqlite"}
    if secret is not None:
        environ["PLUMBLINE_SECRET_KEY"] = secret

    with pytest.raises(Unsafe, match="PLUMBLINE_SECRET_KEY"):
        Settings.from_environment(environ, tmp_path)


def test_a_server_database_needs_its_files_as_well(tmp_path):
    environ = {"PLUMBLINE_DATABASE_URL": "postgresql+psycopg://app@db/app", "PLUMBLINE_SECRET_KEY": GOOD}

    with pytest.raises(Unsafe, match="PLUMBLINE_PEPPER_FILE"):
        Settings.from_environment(environ, tmp_path)
    assert not (tmp_path / "instance").exists()


def test_a_server_database_with_its_files_starts(tmp_path):
    (tmp_path / "pepper").write_text(base64.b64encode(bytes(range(32))).decode() + "\n")
    (tmp_path / "keys").write_text(
        "# old\na:"
        + base64.b64encode(bytes(32)).decode()
        + "\nb:"
        + base64.b64encode(b"k" * 32).decode()
        + "\n"
    )
    settings = Settings.from_environment(
        {
            "PLUMBLINE_DATABASE_URL": "postgresql+psycopg://app@db/app",
            "PLUMBLINE_SECRET_KEY": GOOD,
            "PLUMBLINE_PEPPER_FILE": str(tmp_path / "pepper"),
            "PLUMBLINE_KEYS_FILE": str(tmp_path / "keys"),
            "PLUMBLINE_BASE_URL": "https://plumbline.office.test/",
        },
        tmp_path,
    )

    assert settings.pepper == bytes(range(32))
    assert list(settings.keys) == ["a", "b"]
    assert settings.is_https
    assert settings.base_url == "https://plumbline.office.test"
    assert "plumbline.office.test" in settings.trusted_hosts


@pytest.mark.parametrize("content", ["", "not base64!", base64.b64encode(b"short").decode()])
def test_a_pepper_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "pepper").write_text(content)

    with pytest.raises(Unsafe, match="pepper"):
        Settings.from_environment({"PLUMBLINE_PEPPER_FILE": str(tmp_path / "pepper")}, tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Unsafe, match="PLUMBLINE_KEYS_FILE names /nowhere/keys"):
        Settings.from_environment({"PLUMBLINE_KEYS_FILE": "/nowhere/keys"}, tmp_path)


@pytest.mark.parametrize("port", ["http", "-1", "65536", "5 000", "\uff11\uff12"])
def test_a_port_is_a_number(tmp_path, port):
    with pytest.raises(Unsafe, match="PORT"):
        Settings.from_environment({"PORT": port}, tmp_path)


@pytest.mark.parametrize(
    "url", ["plumbline.office.test", "ftp://x", "https://x.test/plumbline", "https://x.test?a=1"]
)
def test_a_public_address_is_a_host(tmp_path, url):
    with pytest.raises(Unsafe, match="PLUMBLINE_BASE_URL"):
        Settings.from_environment({"PLUMBLINE_BASE_URL": url}, tmp_path)


def test_listening_everywhere_still_answers_only_to_known_names(tmp_path):
    settings = Settings.from_environment(
        {"HOST": "0.0.0.0", "PORT": "8080", "PLUMBLINE_TRUSTED_HOSTS": "office.test, inner.test"}, tmp_path
    )

    assert settings.base_url == "http://127.0.0.1:8080"
    assert set(settings.trusted_hosts) == {"localhost", "127.0.0.1", "[::1]", "office.test", "inner.test"}


@pytest.mark.parametrize("given", ["", "scanner:3310", "[::1]:3310", "/run/clamav/clamd.sock"])
def test_a_scanner_is_a_host_with_a_port_or_a_socket(tmp_path, given: str):
    assert Settings.from_environment({"PLUMBLINE_CLAMD": given}, tmp_path).scanner == given


@pytest.mark.parametrize("given", ["scanner", "scanner:", ":3310", "scanner:port", "scanner:99999"])
def test_what_names_no_scanner_is_refused(tmp_path, given: str):
    with pytest.raises(Unsafe, match="PLUMBLINE_CLAMD"):
        Settings.from_environment({"PLUMBLINE_CLAMD": given}, tmp_path)


@pytest.mark.parametrize("given", ["ftp://office.test/documents", "{}/a-file/documents"])
def test_a_place_for_documents_that_is_none_is_refused_at_start(tmp_path, given: str):
    (tmp_path / "a-file").write_text("not a folder")
    environment = {"PLUMBLINE_DOCUMENTS_URL": given.format(tmp_path)}

    with pytest.raises(RuntimeError, match="PLUMBLINE_DOCUMENTS_URL"):
        cabinet(Settings.from_environment(environment, tmp_path))


def test_the_folder_of_documents_is_ours_alone(tmp_path):
    cabinet(Settings.from_environment({}, tmp_path))

    assert stat.S_IMODE((tmp_path / "instance" / "documents").stat().st_mode) == 0o700
