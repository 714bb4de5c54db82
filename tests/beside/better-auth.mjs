// better-auth with its admin plugin: `prepare FILE` makes schema and administrator, `serve FILE PORT` listens on loopback.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

// Its packages are not beside this file, which nothing is written to.
const require = createRequire(path.join(process.env.NODE_MODULES_FOLDER ?? import.meta.dirname, "package.json"));
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const { betterAuth } = await load("better-auth");
const { admin } = await load("better-auth/plugins");
const { toNodeHandler } = await load("better-auth/node");
const { getMigrations } = await load("better-auth/db/migration");
const { Kysely, SqliteDialect } = await load("kysely");
const { default: Database } = await load("libsql");

const [command, file, port = "0"] = process.argv.slice(2);
const database = new Database(file);
database.pragma("journal_mode = wal");
const options = {
  database: { db: new Kysely({ dialect: new SqliteDialect({ database }) }), type: "sqlite" },
  baseURL: `http://127.0.0.1:${port}`,
  secret: "known to everybody: it lives as long as a measurement",
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [admin()],
};
const auth = betterAuth(options);

if (command === "prepare") {
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  const [email, password] = ["admin@bench.example", "a password of the bench"];
  await auth.api.signUpEmail({ body: { name: "Admin", email, password } });
  database.prepare("update user set role = 'admin' where email = ?").run(email);
  database.close();
} else {
  createServer(toNodeHandler(auth)).listen(Number(port), "127.0.0.1", () => console.log("ready"));
}
