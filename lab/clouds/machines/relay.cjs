/**
 * A program on a stand-in machine: asks the process that holds the machines to act as the program it is called as, and
 * ends as it is told. Plain JavaScript, because a script starts a dozen of these.
 */
const { Buffer } = require("node:buffer");
const { request } = require("node:http");

const [socketPath, machine, program, ...args] = process.argv.slice(2);

const end = ({ code, stdout, stderr }) => {
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  process.exitCode = code;
};

const call = request({ socketPath, method: "POST", path: "/" }, async reply => {
  const parts = [];
  for await (const part of reply) parts.push(part);
  end(JSON.parse(Buffer.concat(parts).toString("utf8")));
});
call.on("error", error =>
  end({ code: 70, stdout: "", stderr: `the stand-in machines are gone: ${error.message}\n` }),
);
call.end(JSON.stringify({ machine, program, args }));
