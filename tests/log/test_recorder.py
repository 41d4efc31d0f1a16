"""The library on our log, and its own recorder and application reading what we wrote."""

import json
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, NotSupportedError
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
    StoredEvent,
)
from tests.log.examples import NOTED, data_key, notes, sealed_note

from enquiry.log.recorder import Factory, Recorded

MAPPER = "enquiry.log.recorder:KindMapper"


@pytest.fixture
def environment(postgres_url, schema) -> dict[str, str]:
    return {
        "PERSISTENCE_MODULE": "enquiry.log.recorder:Factory",
        "MAPPER_TOPIC": MAPPER,
        "ENQUIRY_DATABASE_URL": postgres_url,
        "ENQUIRY_SCHEMA": schema,
    }


@pytest.fixture
def factory(environment):
    factory = InfrastructureFactory.construct(environment)
    assert isinstance(factory, Factory)
    yield factory
    factory.close()


class OnOurLog:
    """Where the library's conformance cases take their recorder: each in a schema of its own."""

    @pytest.fixture(autouse=True)
    def _factory(self, factory) -> None:
        self.factory = factory


class TestAggregateRecorder(OnOurLog, AggregateRecorderTestCase):
    def create_recorder(self):
        return self.factory.aggregate_recorder()


class TestApplicationRecorder(OnOurLog, ApplicationRecorderTestCase):
    def create_recorder(self):
        return self.factory.application_recorder()

    def test_insert_subscribe(self):
        self.optional_test_insert_subscribe()


class TestNonInterleaving(OnOurLog, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self):
        return self.factory.application_recorder()


def test_the_recorder_refuses_a_version_that_would_leave_a_gap(factory):
    recorder = factory.application_recorder()
    walk = uuid4()
    recorder.insert_events([StoredEvent(walk, 1, NOTED, b"")])
    with pytest.raises(IntegrityError):
        recorder.insert_events([StoredEvent(walk, 3, NOTED, b"")])


def test_what_the_log_does_not_keep_is_refused_in_words(factory):
    for ask in (factory.tracking_recorder, factory.process_recorder):
        with pytest.raises(NotSupportedError, match="cursor"):
            ask()
    with pytest.raises(NotSupportedError, match="snapshots"):
        factory.aggregate_recorder("snapshots")
    with pytest.raises(NotSupportedError, match="tracking"):
        factory.application_recorder().insert_events([], tracking=object())


def test_an_application_of_the_library_writes_and_replays_through_our_recorder(environment):
    application = Walks(environment)
    walk = uuid4()
    recorded = [Recorded(walk, n, NOTED, b'{"note":%d}' % n) for n in (1, 2, 3)]
    application.save(*recorded)
    assert application.repository.get(walk, projector_func=fold).noted == [1, 2, 3]
    assert [n.id for n in application.recorder.select_notifications(None, 10)] == [1, 2, 3]
    application.close()


class Walks(Application[UUID]):
    """An auditor's application; without a name, it looks for ``stored_events``."""

    name = ""


class Walk:
    """What the notes of a walk say, folded by the library's repository."""

    def __init__(self, id_: UUID) -> None:
        self.id = id_
        self.version = 0
        self.noted: list[int] = []


def fold(walk, events):
    for event in events:
        walk = walk or Walk(event.originator_id)
        assert event.kind == NOTED
        walk.version = event.originator_version
        walk.noted.append(json.loads(event.body)["note"])
    return walk


@pytest.fixture
async def auditor(postgres_url, schema, log):
    """Connection settings of somebody who may read the events, and nothing else."""
    name, password = f"auditor_{uuid4().hex}", uuid4().hex
    connection = await asyncpg.connect(postgres_url, timeout=10)
    await connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
    await connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
    await connection.execute(f"GRANT SELECT ON {schema}.stored_events TO {name}")
    address = urlsplit(postgres_url)
    where = dict(parse_qsl(address.query))
    yield {"dbname": address.path[1:], "user": name, "password": password, **where}
    await connection.execute(f"REVOKE ALL ON {schema}.stored_events FROM {name}")
    await connection.execute(f"REVOKE ALL ON SCHEMA {schema} FROM {name}")
    await connection.execute(f"DROP ROLE {name}")
    await connection.close()


async def test_the_stock_recorder_reads_our_log_with_the_right_to_select_alone(
    auditor, schema, log
):
    walk = uuid4()
    await log.append(notes(walk, 0, 2))
    await log.append(sealed_note(walk, 2, data_key(walk), b"text", new=True))
    ours = await log.read_all()
    with PostgresDatastore(**auditor, schema=schema) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="stored_events")
        stream = recorder.select_events(walk)
        notifications = recorder.select_notifications(None, 10)
        assert recorder.max_notification_id() == 3
    assert [e.originator_version for e in stream] == [1, 2, 3]
    assert [(n.id, n.originator_id, n.topic, n.state) for n in notifications] == [
        (e.position, e.stream, e.kind, e.body) for e in ours
    ]


async def test_a_stock_application_replays_a_stream_of_our_log(auditor, schema, log):
    walk = uuid4()
    append = notes(walk, 0, 4)
    await log.append(append)
    settings = {f"POSTGRES_{name.upper()}": value for name, value in auditor.items()}
    application = Walks(
        {
            **settings,
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_SCHEMA": schema,
            "CREATE_TABLE": "no",
            "MAPPER_TOPIC": MAPPER,
        }
    )
    wanted = [json.loads(event.body)["note"] for event in append.events]
    assert application.repository.get(walk, projector_func=fold).noted == wanted
    past = application.repository.get(walk, version=2, projector_func=fold)
    assert (past.version, past.noted) == (2, wanted[:2])
    application.close()
