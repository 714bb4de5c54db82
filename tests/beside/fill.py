"""Copies people from a CSV of ours into the other two: `fill.py better-auth|django CSV FILE`."""

import csv
import sqlite3
import sys

BETTER_AUTH = """
insert into user (id, name, email, emailVerified, createdAt, updatedAt, role, banned)
values (?, ?, ?, 1, ?, ?, ?, ?)
"""
DJANGO = """
insert into auth_user (password, last_login, is_superuser, username, first_name, last_name, email,
                       is_staff, is_active, date_joined)
values ('!', ?, 0, ?, ?, ?, ?, ?, ?, ?)
"""


def better_auth(number, row):
    made, is_admin = row["created_at"], row["role"] == "admin"
    role = "admin" if is_admin else "user"
    identity = f"{number:032x}"
    banned = int(row["status"] == "suspended")
    return identity, row["name"], row["email"], made, made, role, banned


def django(_, row):
    first, _, last = row["name"].partition(" ")
    seen = row["last_sign_in_at"] or None
    is_active = int(row["status"] != "suspended")
    staff = int(row["role"] == "admin")
    email = row["email"]
    return seen, email, first, last, email, staff, is_active, row["created_at"]


def main():
    kind, text, file = sys.argv[1:]
    sql, shape = (BETTER_AUTH, better_auth) if kind == "better-auth" else (DJANGO, django)
    database = sqlite3.connect(file)
    with open(text, encoding="utf-8-sig", newline="") as people, database:
        rows = csv.DictReader(people)
        # Their own administrator has this address already.
        others = (row for row in rows if row["email"] != "admin@bench.example")
        database.executemany(sql, (shape(number, row) for number, row in enumerate(others)))
    database.execute("analyze")
    database.close()


main()
