#!/usr/bin/env bash
# pydantic 2.14.3 and @asyncapi/parser 3.6.6 (Node): a model's JSON Schema as the payload of an AsyncAPI 3 message.
# Guess: it may stand there as it is; JSON Schema is JSON Schema.
# Seen:  refused. References (#/$defs/X) are resolved from the root of the document and not of the payload; and the
#        `discriminator` of a union is an object, as OpenAPI wants it, where AsyncAPI wants the name of a property.
# So:    let pydantic write references to #/components/schemas/{model} and leave out `discriminator`.
. "$(dirname "$0")/kafka.sh"
packages pydantic==2.14.3
cd "$FOLDER"
cat >write.py <<'P'
import json
import sys
from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter


class Open(BaseModel):
    type: Literal["open"]


class Close(BaseModel):
    type: Literal["close"]


def document(payload, schemas):
    message = {"payload": payload}
    channels = {"commands": {"address": "commands", "messages": {"command": message}}}
    return {"asyncapi": "3.0.0", "info": {"title": "t", "version": "1"}, "channels": channels, "components": {"schemas": schemas}}


either = TypeAdapter(Annotated[Open | Close, Field(discriminator="type")])
plain = either.json_schema()
placed, shared = TypeAdapter.json_schemas([("c", "validation", either)], ref_template="#/components/schemas/{model}")
placed = placed["c", "validation"]
without = {name: part for name, part in placed.items() if name != "discriminator"}
for name, made in {"plain": document(plain, {}), "placed": document(placed, shared["$defs"]), "both": document(without, shared["$defs"])}.items():
    json.dump(made, open(f"{name}.json", "w"))
P
python write.py
npm init -y >/dev/null && npm install --silent --no-audit --no-fund @asyncapi/parser@3.6.6 >/dev/null
cat >read.mjs <<'J'
import {Parser} from '@asyncapi/parser'
import fs from 'fs'
for (const name of ['plain', 'placed', 'both']) {
  const {document, diagnostics} = await new Parser().parse(fs.readFileSync(`${name}.json`, 'utf8'))
  const errors = diagnostics.filter((each) => each.severity === 0)
  console.log(name, document ? 'taken' : 'refused', errors.some((each) => /discriminator/.test(each.message)) ? 'discriminator' : '-',
    errors.some((each) => each.code === 'invalid-ref') ? 'invalid-ref' : '-')
}
J
seen=$(node read.mjs)
echo "$seen"
[ "$seen" = "plain refused discriminator invalid-ref
placed refused discriminator -
both taken - -" ]
