"""gRPC through an HTTPS listener, by Google's own client.

Arguments: the listener's port, and a file with the authority's certificate.
"""

import queue
import sys

import grpc

PATIENCE = 20


def raw(message):
    return message


def main(port, authority):
    with open(authority, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    # The name decides about the certificate and the rule; the address is this machine.
    options = [("grpc.ssl_target_name_override", "shop.example"),
               ("grpc.default_authority", "shop.example")]
    with grpc.secure_channel(f"127.0.0.1:{port}", credentials, options) as channel:
        converse(channel)
        call = channel.unary_unary("/test.Echo/Talk", raw, raw)
        assert call(b"one", timeout=PATIENCE) == b"one"
        large = b"x" * 1_000_000
        assert call(large, timeout=PATIENCE) == large
        for method, code in [
            ("/test.Echo/Nothing", grpc.StatusCode.UNIMPLEMENTED),  # The target says so.
            ("/empty.Group/Call", grpc.StatusCode.UNAVAILABLE),  # 503
            ("/http1.Group/Call", grpc.StatusCode.UNKNOWN),  # 464
        ]:
            found = refusal(channel, method)
            assert found.code() == code, (method, found)
    print("all is well")


def converse(channel):
    """Each message is answered before the next one is sent."""
    messages = queue.Queue()
    answers = channel.stream_stream("/test.Echo/Talk", raw, raw)(iter(messages.get, None), timeout=PATIENCE)
    for message in (b"one", b"two", b"three"):
        messages.put(message)
        assert next(answers) == message
    messages.put(None)
    assert list(answers) == []
    assert answers.code() == grpc.StatusCode.OK


def refusal(channel, method):
    try:
        channel.unary_unary(method, raw, raw)(b"", timeout=PATIENCE)
    except grpc.RpcError as error:
        return error
    raise AssertionError(f"{method} was answered")


main(*sys.argv[1:])
