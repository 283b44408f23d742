import os
import signal
import sys
import threading

import pytest

from vciso.embedded import processes
from vciso.launch.console import StepFailed, run, step

# Longer than the test may take: whatever ends before was ended.
FORKS = "import os, time; os.fork(); time.sleep(600)"


def test_a_failed_tool_is_told_with_its_last_words_and_the_remedy(tmp_path):
    log = tmp_path / "setup.log"
    with pytest.raises(StepFailed, match="It broke \\(exit status 3\\)") as failed:
        run([sys.executable, "-c", "print('why'); raise SystemExit(3)"], what="It broke", remedy="Mend it.", log=log)
    assert (failed.value.detail, failed.value.remedy) == ("why\n", "Mend it.")
    assert "why" in log.read_text()


def test_a_tool_that_is_not_there_is_a_failed_step():
    with pytest.raises(StepFailed, match="/no/such/tool could not be run"):
        run(["/no/such/tool"], what="It broke", remedy="Install it.")


@pytest.mark.timeout(120)
def test_an_interrupt_ends_the_tool_and_what_the_tool_started(tmp_path):
    environment = {"PATH": os.environ["PATH"], "MARK": str(tmp_path)}
    mark = f"MARK={tmp_path}"
    # A run in the background may have been told to ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt() -> None:
        assert processes.wait_until(lambda: len(processes.marked(mark)) == 2, seconds=50)
        # To the thread that waits for the tool: in another one the signal would not end its waiting.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    hand = threading.Thread(target=interrupt)
    with pytest.raises(KeyboardInterrupt):
        hand.start()
        run([sys.executable, "-c", FORKS], what="It broke", remedy="", env=environment)
    hand.join()
    assert processes.wait_until(lambda: processes.marked(mark) == [], seconds=20)


def test_a_step_shows_its_name_at_once_and_its_seconds_at_the_end(capsys):
    with step("Fonts") as notes:
        assert capsys.readouterr().out.strip().startswith("Fonts ...")
        notes.append("two of them")
    assert capsys.readouterr().out.strip().endswith("0.0 s  two of them")


def test_a_tool_that_takes_long_tells_how_far_it_is(capsys):
    with step("Data"):
        run([sys.executable, "-c", "print('first'); print('second')"], what="It broke", remedy="", tells=True)
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == ["Data", "first", "second"]
    assert shown[-1].endswith(" s")
