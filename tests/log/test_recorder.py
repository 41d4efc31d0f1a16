"""The library on our log, and its own recorder and application reading what we wrote."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import (
    InfrastructureFactory,
    IntegrityError,
    NotSupportedError,
    Tracking,
)
from eventsourcing.postgres import (
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresTrackingRecorder,
)
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    StoredEvent,
    TrackingRecorderTestCase,
)
from eventsourcing.utils import Environment
from tests.log.examples import NOTED, data_key, notes, sealed_note

from enquiry.log.recorder import (
    Factory,
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
    Recorded,
)

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


class TestTrackingRecorder(OnOurLog, TrackingRecorderTestCase):
    def create_recorder(self):
        return self.factory.tracking_recorder()


class TestProcessRecorder(OnOurLog, ProcessRecorderTestCase):
    def create_recorder(self):
        return self.factory.process_recorder()


class OwnTracking(LogTrackingRecorder):
    """A tracking recorder that somebody brings along."""


class TestFactory(InfrastructureFactoryTestCase):
    @pytest.fixture(autouse=True)
    def _environment(self, postgres_url, schema) -> None:
        self.env = Environment("walks")
        self.env["PERSISTENCE_MODULE"] = "enquiry.log.recorder:Factory"
        self.env["ENQUIRY_DATABASE_URL"] = postgres_url
        self.env["ENQUIRY_SCHEMA"] = schema

    def expected_factory_class(self):
        return Factory

    def expected_aggregate_recorder_class(self):
        return LogAggregateRecorder

    def expected_application_recorder_class(self):
        return LogApplicationRecorder

    def expected_tracking_recorder_class(self):
        return LogTrackingRecorder

    def tracking_recorder_subclass(self):
        return OwnTracking

    def expected_process_recorder_class(self):
        return LogProcessRecorder


def test_the_recorder_refuses_a_version_that_would_leave_a_gap(factory):
    recorder = factory.application_recorder()
    walk = uuid4()
    recorder.insert_events([StoredEvent(walk, 1, NOTED, b"")])
    with pytest.raises(IntegrityError):
        recorder.insert_events([StoredEvent(walk, 3, NOTED, b"")])


def test_what_the_log_does_not_keep_is_refused_in_words(factory):
    with pytest.raises(NotSupportedError, match="snapshots"):
        factory.aggregate_recorder("snapshots")
    with pytest.raises(NotSupportedError, match="process recorder"):
        factory.application_recorder().insert_events([], tracking=Tracking("upstream", 1))
    with pytest.raises(TypeError, match="LogTrackingRecorder"):
        factory.tracking_recorder(PostgresTrackingRecorder)


def test_what_was_processed_is_recorded_with_what_came_of_it_or_not_at_all(factory):
    recorder = factory.process_recorder()
    walk = uuid4()
    assert recorder.insert_events(
        [StoredEvent(walk, 1, NOTED, b"")], tracking=Tracking("upstream", 7)
    ) == [1]
    with pytest.raises(IntegrityError, match="revision"):
        recorder.insert_events([StoredEvent(walk, 1, NOTED, b"")], tracking=Tracking("upstream", 8))
    assert recorder.max_tracking_id("upstream") == 7
    with pytest.raises(IntegrityError, match="already"):
        recorder.insert_events([StoredEvent(walk, 2, NOTED, b"")], tracking=Tracking("upstream", 7))
    assert recorder.max_notification_id() == 1


def test_of_many_who_process_the_same_event_at_once_one_records_what_came_of_it(factory):
    recorder = factory.process_recorder()
    together = Barrier(8)

    def process(_: int) -> bool:
        together.wait(10)
        try:
            recorder.insert_events(
                [StoredEvent(uuid4(), 1, NOTED, b"")], tracking=Tracking("upstream", 1)
            )
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(8) as racers:
        assert sorted(racers.map(process, range(8))) == [False] * 7 + [True]
    assert recorder.max_notification_id() == 1


def test_the_stock_tracking_recorder_goes_on_where_ours_stands(factory, postgres_url, schema):
    factory.tracking_recorder().insert_tracking(Tracking("upstream", 7))
    address = urlsplit(postgres_url)
    settings = {"dbname": address.path[1:], "user": address.username, "password": address.password}
    with PostgresDatastore(**settings, **dict(parse_qsl(address.query)), schema=schema) as store:
        stock = PostgresTrackingRecorder(store, tracking_table_name="stored_tracking")
        stock.create_table()
        assert stock.max_tracking_id("upstream") == 7
        stock.insert_tracking(Tracking("upstream", 8))
    with pytest.raises(IntegrityError):
        factory.tracking_recorder().insert_tracking(Tracking("upstream", 8))


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
    await connection.execute(f"GRANT enquiry_auditor TO {name}")
    address = urlsplit(postgres_url)
    where = dict(parse_qsl(address.query))
    yield {"dbname": address.path[1:], "user": name, "password": password, **where}
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
