"""The .proto files, as far as a test needs them to know every field that a message can have."""

import re

from .programs import CHECKOUT

SCALARS = {"bool", "uint32", "uint64", "int32", "int64", "string", "bytes"}
_FIELD = re.compile(r"^\s*(repeated\s+|optional\s+)?(\w+)\s+(\w+)\s*=\s*(\d+)\s*;", re.M)
_BLOCK = re.compile(r"^(message|enum)\s+(\w+)\s*\{(\s*\}|.*?^\})", re.M | re.S)


class Field:
    def __init__(self, number, name, kind, repeated):
        self.number, self.name, self.kind, self.repeated = number, name, kind, repeated


def read(*names):
    """({message: [Field]}, {enum}) of proto/blo/v1/NAME.proto."""
    messages, enums = {}, set()
    for name in names:
        text = re.sub(r"//.*", "", (CHECKOUT / f"proto/blo/v1/{name}.proto").read_text())
        for what, named, body in _BLOCK.findall(text):
            if what == "enum":
                enums.add(named)
            else:
                messages[named] = [Field(int(number), field, kind, bool(repeated.strip() == "repeated"))
                                            for repeated, kind, field, number in _FIELD.findall(body)]
    for fields in messages.values():
        for field in fields:
            assert field.kind in SCALARS | enums | set(messages), field.kind
    return messages, enums
