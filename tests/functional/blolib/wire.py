"""Protocol Buffers' encoding, as much as the formats use: varints and byte strings, in canonical form.

A schema is {field number: (name, type)}. A type is "uint", "bytes", "string", or another schema; a list of one type
is repeated (numbers packed).
"""


class Malformed(Exception):
    """Out of form. `code` is what an auditor's program calls it."""

    code = "E-MALFORMED"


class Fault(Malformed):
    """In form, and wrong."""

    def __init__(self, code, what):
        super().__init__(what)
        self.code = code


def encode_varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number, payload):
    return encode_varint(number << 3 | 2) + encode_varint(len(payload)) + payload


def encode(schema, values):
    """Canonical bytes of {name: value}: ascending fields, nothing that holds its default."""
    known = {name for name, _ in schema.values()}
    assert set(values) <= known, set(values) - known
    out = b""
    for number, (name, kind) in sorted(schema.items()):
        value = values.get(name)
        if isinstance(kind, list):
            if kind[0] == "uint":
                out += _field(number, b"".join(map(encode_varint, value))) if value else b""
            else:
                out += b"".join(_field(number, _payload(kind[0], one)) for one in value or ())
        elif isinstance(kind, dict):
            out += _field(number, encode(kind, value)) if value is not None else b""
        elif kind == "uint":
            out += encode_varint(number << 3) + encode_varint(value) if value else b""
        elif value:
            out += _field(number, _payload(kind, value))
    return out


def _payload(kind, value):
    if isinstance(kind, dict):
        return encode(kind, value)
    return value.encode() if kind == "string" else bytes(value)


def parse(schema, data):
    """{name: value}; Malformed for anything but the canonical encoding. Absent fields are their defaults, absent
    messages None."""
    values = _parse(schema, memoryview(data))
    if encode(schema, values) != bytes(data):
        raise Malformed("not canonical")
    return values


def fields(data):
    """[(number, value)] in the order they come, whatever they mean: numbers as they are, the rest as bytes."""
    found, at, data = [], 0, memoryview(data)
    while at < len(data):
        tag, at = _varint(data, at)
        value, at = _value("uint" if tag & 7 == 0 else "bytes", tag & 7, data, at)
        found.append((tag >> 3, value))
    return found


def _parse(schema, data):
    values = {name: _default(kind) for name, kind in schema.values()}
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        if tag >> 3 not in schema:
            raise Malformed(f"unknown field {tag >> 3}")
        name, kind = schema[tag >> 3]
        value, at = _value(kind, tag & 7, data, at)
        if isinstance(kind, list):
            values[name] += value if kind[0] == "uint" else [value]
        else:
            values[name] = value
    return values


def _default(kind):
    if isinstance(kind, list):
        return []
    return None if isinstance(kind, dict) else {"uint": 0, "bytes": b"", "string": ""}[kind]


def _value(kind, wire_type, data, at):
    inner = kind[0] if isinstance(kind, list) else kind
    if wire_type == 0 and kind == "uint":
        return _varint(data, at)
    if wire_type != 2 or kind == "uint":
        raise Malformed("a field of another type")
    size, at = _varint(data, at)
    if size > len(data) - at:
        raise Malformed("the end is missing")
    payload = data[at:at + size]
    at += size
    if inner == "uint":
        numbers, place = [], 0
        while place < len(payload):
            number, place = _varint(payload, place)
            numbers.append(number)
        return numbers, at
    if isinstance(inner, dict):
        return _parse(inner, payload), at
    if inner == "string":
        try:
            return bytes(payload).decode(), at
        except UnicodeDecodeError:
            raise Malformed("a text that is not UTF-8") from None
    return bytes(payload), at


def _varint(data, at):
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise Malformed("the end is missing")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >> 64:
                break
            return value, at
    raise Malformed("a number of more than 64 bits")
