// main.ts imports this module first, so that an older Node says what it needs instead of failing somewhere.

/** The first version with everything that the program uses, such as `randomUUIDv7` of node:crypto. */
const OLDEST = 26

if (Number.parseInt(process.versions.node) < OLDEST) {
  console.error(`Tollgate needs Node ${OLDEST} or newer. This is Node ${process.versions.node}.`)
  process.exit(1)
}
