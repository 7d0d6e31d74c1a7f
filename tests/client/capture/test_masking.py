from __future__ import annotations

import pytest

from fluvial.client.capture.masking import mask_arguments, mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://me:pass@host/x.git", "https://***@host/x.git"),
        ("git@host:x.git", "git@host:x.git"),
        ('password = "hunter2"', "password = ***"),
        ("DB_PASSWORD=abcdefgh", "DB_PASSWORD=***"),
        ('{"api_key": "abc"}', '{"api_key": ***}'),
        ("key = 'sk-abcdefghijklmnop1234'", "key = '***'"),
        ("aws AKIAABCDEFGHIJKLMNOP", "aws ***"),
        ("-----BEGIN PRIVATE KEY-----\nabc\n-----END", "-----BEGIN PRIVATE KEY-----***"),
        ("token = tokenizer(text)", "token = tokenizer(text)"),
        ("secret = config.secret", "secret = config.secret"),
        ("tokenizer = 'bert-base-cased'", "tokenizer = 'bert-base-cased'"),
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_masked_and_code_is_not(text: str, masked: str) -> None:
    assert mask_text(text) == masked


def test_secrets_of_a_command_line_are_masked() -> None:
    arguments = [
        "train.py",
        "--api-key",
        "abc",
        "--token=abc",
        "WANDB_API_KEY=abc",
        "--password",
        "--lr",
        "1",
    ]

    assert mask_arguments(arguments) == [
        "train.py", "--api-key", "***", "--token=***", "WANDB_API_KEY=***", "--password", "--lr", "1",
    ]  # fmt: skip
