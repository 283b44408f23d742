import os
import signal

import pytest
import redis as client

from vciso.embedded import processes


def connect(parts):
    return client.Redis.from_url(parts.redis.cache_url)


def test_the_queue_takes_no_stranger_and_no_administration(shared_parts):
    with pytest.raises(client.exceptions.AuthenticationError):
        client.Redis(unix_socket_path=str(shared_parts.layout.redis_socket)).ping()
    with pytest.raises(client.exceptions.NoPermissionError):
        connect(shared_parts).config_get("*")
    with pytest.raises(client.exceptions.NoPermissionError):
        connect(shared_parts).shutdown()
    assert connect(shared_parts).ping() is True


def test_it_listens_on_no_port_and_does_not_run_as_root(shared_parts):
    pid = processes.read_pid(shared_parts.layout.redis_data / "redis.pid")
    assert "\nUid:\t0\t" not in (processes.PROC / str(pid) / "status").read_text()
    assert connect(shared_parts).info("server")["tcp_port"] == 0


def test_what_was_queued_outlives_a_killed_server(parts):
    connect(parts).set("kept", "yes")
    parts.redis.stop()
    assert parts.redis.start() is True
    pid = processes.read_pid(parts.layout.redis_data / "redis.pid")
    os.kill(pid, signal.SIGKILL)
    processes.wait_until(lambda: not processes.is_running(pid), seconds=5)
    assert parts.layout.redis_socket.exists()
    assert parts.redis.start() is True
    assert connect(parts).get("kept") == b"yes"


def test_a_second_start_leaves_the_first_server_its_socket(shared_parts):
    pid = processes.read_pid(shared_parts.layout.redis_data / "redis.pid")
    assert shared_parts.redis.start() is False
    assert processes.read_pid(shared_parts.layout.redis_data / "redis.pid") == pid


def test_a_process_id_file_that_names_another_program_is_not_believed(parts):
    parts.redis.stop()
    (parts.layout.redis_data / "redis.pid").write_text(str(os.getpid()))
    assert parts.redis.is_running() is False
    assert parts.redis.start() is True


def test_broker_and_cache_are_separate_databases(parts):
    from kombu import Connection

    with Connection(parts.redis.broker_url) as connection:
        queue = connection.SimpleQueue("letters")
        queue.put({"a": 1})
        assert connect(parts).dbsize() == 0
        message = queue.get(timeout=2)
        message.ack()
        queue.close()
    assert message.payload == {"a": 1}
