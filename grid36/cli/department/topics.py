"""department topics, acl: acting by topic, and who may."""

import click

from grid36.cli.department.consume import LIMIT_S
from grid36.cli.department.keys import check_department
from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of
from grid36.cli.terminal.help_texts import command, option
from grid36.kafka.acls import as_commands, department_rights, proof_rights
from grid36.kafka.topics import create_action_topics
from schemas.topics import actions_topic, answers_topic


@command("topics", help="command.department.topics.help")
@click.argument("department")
@as_json
@asynchronous
async def topics(department: str, as_json: bool) -> None:
    """Make the topics by which the program of DEPARTMENT acts and is answered."""
    settings = settings_of()
    check_department(settings, department)
    prefix, replication = settings.topic_prefix, settings.replication
    await create_action_topics(
        servers_of(settings), department, prefix=prefix, replication=replication, limit_s=LIMIT_S
    )
    answer = {"actions": prefix + actions_topic(department), "answers": prefix + answers_topic(department)}
    say(answer, as_json, lambda made: click.echo("\n".join(made.values())))


@command("acl", help="command.department.acl.help")
@click.argument("department")
@option("--user", required=True, help="command.department.acl.user")
@option("--proofs", is_flag=True, help="command.department.acl.proofs")
@as_json
def acl(department: str, user: str, proofs: bool, as_json: bool) -> None:
    """Print the rights that the Kafka user of DEPARTMENT needs, as commands of Kafka's own tool."""
    settings = settings_of()
    check_department(settings, department)
    prefix = settings.topic_prefix
    rights = department_rights(department, prefix) + (proof_rights(prefix) if proofs else [])
    commands = as_commands(rights, user, settings.kafka or "HOST:PORT")
    answer = {"user": user, "rights": [right._asdict() for right in rights], "commands": commands}
    say(answer, as_json, lambda _: click.echo("\n".join(commands)))
