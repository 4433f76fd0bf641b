"""Pages over https: a good certificate is taken, each kind of bad one is refused before anything is asked for."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.engine.errors import FetchFailed
from bot.engine.ingest.fetch.addresses import AddressRule
from bot.engine.ingest.fetch.fetcher import PageFetcher
from bot.engine.records.sources import FetchedPage
from tests.integration.fetch.site import FakeNames, Site, answer, running_site
from tests.integration.fetch.visits import GUILD, TEXT

HOST = "tower.example"
DAY = dt.timedelta(days=1)
NOW = dt.datetime.now(dt.UTC)


@dataclass
class Issuer:
    """Issues certificates, for itself first."""

    name: str

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        extension = x509.BasicConstraints(ca=True, path_length=None)
        builder = self._begin(self.subject, self.key, NOW - 30 * DAY, NOW + 30 * DAY)
        self.certificate = builder.add_extension(extension, critical=True).sign(self.key, hashes.SHA256())

    def _begin(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, start: dt.datetime, end: dt.datetime
    ) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self.subject)
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        return builder.not_valid_before(start).not_valid_after(end)

    def serve(self, folder: Path, names: list[x509.GeneralName], start: int = -1, end: int = 1) -> ssl.SSLContext:
        """The context of a server with a certificate for these names, valid from and to these days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a page")])
        builder = self._begin(subject, key, NOW + start * DAY, NOW + end * DAY)
        certificate = builder.add_extension(x509.SubjectAlternativeName(names), critical=False).sign(
            self.key, hashes.SHA256()
        )
        path = folder / f"{certificate.serial_number}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(path)
        return context

    def trusted(self) -> ssl.SSLContext:
        """The context of a client that trusts nobody else."""
        pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        return ssl.create_default_context(cadata=pem)


Visit = Callable[[ssl.SSLContext, str], AbstractAsyncContextManager[tuple[Site, PageFetcher, str]]]


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    """The one whom the fetcher trusts."""
    return Issuer("Trusted")


@pytest.fixture
def visit(issuer: Issuer) -> Visit:
    """Run a site with a context and give it, a fetcher that may go there, and the address of its page."""

    @asynccontextmanager
    async def visiting(context: ssl.SSLContext, host: str) -> AsyncIterator[tuple[Site, PageFetcher, str]]:
        async with running_site(tls=context) as site:
            site.answers["/a"] = answer(TEXT)
            fetcher = PageFetcher(
                user_agent="Pullquote/1",
                rule=AddressRule.of([f"{host}:{site.port}"]),
                resolver=FakeNames(**{host.replace(".", "_"): ["127.0.0.1"]}),
                tls=issuer.trusted(),
            )
            yield site, fetcher, site.url("/a", host).replace("http:", "https:")

    return visiting


async def test_a_good_certificate_is_taken(issuer: Issuer, visit: Visit, tmp_path: Path) -> None:
    """For a name and for an address; so what follows is refused for its own fault."""
    names = [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    for host in (HOST, "127.0.0.1"):
        async with visit(issuer.serve(tmp_path, names), host) as (_, fetcher, url):
            page = await fetcher.fetch(GUILD, url)
            assert isinstance(page, FetchedPage)
            assert (page.data, page.final_url) == (TEXT, url)


@pytest.mark.parametrize(
    ("start", "end", "name", "says"),
    [
        (-9, -2, HOST, "its certificate has expired"),
        (2, 9, HOST, "its certificate is not valid yet"),
        (-1, 1, "other.example", "its certificate is for another name"),
        (-1, 1, "*.tower.example", "its certificate is for another name"),
    ],
)
async def test_each_fault_is_told(
    issuer: Issuer, visit: Visit, tmp_path: Path, start: int, end: int, name: str, says: str
) -> None:
    """The message names the host and the fault, and the server is asked for nothing."""
    async with visit(issuer.serve(tmp_path, [x509.DNSName(name)], start, end), HOST) as (site, fetcher, url):
        with pytest.raises(FetchFailed, match=f"connection to {HOST} is not safe: {says}") as caught:
            await fetcher.fetch(GUILD, url)
        assert "paste its text" in str(caught.value)
        assert site.requests == []


async def test_an_unknown_issuer_is_told(visit: Visit, tmp_path: Path) -> None:
    """Anybody can issue a certificate for any name."""
    async with visit(Issuer("Stranger").serve(tmp_path, [x509.DNSName(HOST)]), HOST) as (site, fetcher, url):
        with pytest.raises(FetchFailed, match="from an issuer that is not trusted here"):
            await fetcher.fetch(GUILD, url)
        assert site.requests == []


async def test_a_name_is_no_address(issuer: Issuer, visit: Visit, tmp_path: Path) -> None:
    """A certificate for a name says nothing of the address behind it."""
    async with visit(issuer.serve(tmp_path, [x509.DNSName(HOST)]), "127.0.0.1") as (site, fetcher, url):
        with pytest.raises(FetchFailed, match="for another name"):
            await fetcher.fetch(GUILD, url)
        assert site.requests == []


async def test_the_default_trusts_no_certificate_of_a_test(issuer: Issuer, tmp_path: Path) -> None:
    """Without a context of its own a fetcher checks against what the system trusts."""
    async with running_site(tls=issuer.serve(tmp_path, [x509.DNSName(HOST)])) as site:
        site.answers["/a"] = answer(TEXT)
        names = FakeNames(tower_example=["127.0.0.1"])
        fetcher = PageFetcher(user_agent="P", rule=AddressRule.of([f"{HOST}:{site.port}"]), resolver=names)
        with pytest.raises(FetchFailed, match="not trusted here"):
            await fetcher.fetch(GUILD, f"https://{HOST}:{site.port}/a")
        assert site.requests == []


async def test_a_redirect_to_a_bad_certificate_is_refused(issuer: Issuer, visit: Visit, tmp_path: Path) -> None:
    """A page that leads on is checked like any other."""
    from tests.integration.fetch.site import redirect

    good, bad = (issuer.serve(tmp_path, [x509.DNSName(name)]) for name in (HOST, "other.example"))
    async with visit(good, HOST) as (site, _, url), running_site(tls=bad) as other:
        site.answers["/a"] = redirect(f"https://{HOST}:{other.port}/b")
        rule = AddressRule.of([f"{HOST}:{site.port}", f"{HOST}:{other.port}"])
        names = FakeNames(tower_example=["127.0.0.1"])
        fetcher = PageFetcher(user_agent="P", rule=rule, resolver=names, tls=issuer.trusted())
        with pytest.raises(FetchFailed, match="for another name"):
            await fetcher.fetch(GUILD, url)
        assert other.requests == []
