"""The report of a run, from the rows it wrote and what only the process itself can count."""

from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.report_rows import read_run
from daemon.app.app import App
from daemon.app.premises import Database
from daemon.domain.units import NANOS_PER_S
from daemon.report.run_report import RunReport, build_report
from daemon.report.run_session import LatencyFigures, Recorded, RecordedFrames, RunSession
from daemon.runtime.frame_recorder import FrameRecorder
from daemon.runtime.recorder import Recorder


async def summarize(
    app: App, database: Database, *, frames: FrameRecorder | None, wall_s: float, ended: str
) -> RunReport:
    """Read the run's rows back from the database and put the report together."""
    run, stats = app.run, app.loop.stats
    connection = await connect(await database.reach())
    try:
        rows = await read_run(connection, run.run_id)
    finally:
        await connection.close()
    feeds = [feed.stats for feed in app.feeds]
    session = RunSession(
        frames_received=sum(feed.frames_received for feed in feeds),
        frames_dropped=app.inbox.events_dropped,
        frames_garbled=sum(feed.frames_garbled for feed in feeds),
        events=stats.events,
        steps=stats.steps,
        wall_s=wall_s,
        tape_s=(app.clock.now() - run.started_at) / NANOS_PER_S,
        decision_latency=LatencyFigures.of(stats.decision_latency),
        exit_code=0,
        exit_reason=ended,
        database=database.where,
        logs=str(app.settings.log_file),
        decision_log=str(app.decision_log_path),
        decision_sha256=app.decision_log.digest,
        recorded=_recorded(app.recorder, frames),
    )
    return build_report(rows, session)


def _recorded(recorder: Recorder | None, frames: FrameRecorder | None) -> Recorded | None:
    if recorder is None:
        return None
    return Recorded(
        path=str(recorder.folder),
        steps=recorder.steps,
        incomplete_from=recorder.incomplete_from,
        frames=None if frames is None else _recorded_frames(frames),
    )


def _recorded_frames(frames: FrameRecorder) -> RecordedFrames:
    queue = frames.queue
    return RecordedFrames(
        received=queue.count,
        frames=frames.frames,
        missed=queue.missed,
        incomplete_from=queue.incomplete_from,
    )
