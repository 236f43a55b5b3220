#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { Account, readKeys } from './checks/account.ts'
import { beginChecks, finishChecks } from './checks/first-checks.ts'

const USAGE = `Usage: paymob-checks [REFERENCE]

Ten checks for an operator with a Paymob account in test mode: they show where the real service differs from the sandbox.
It reads PAYMOB_URL, PAYMOB_SECRET_KEY, PAYMOB_PUBLIC_KEY, PAYMOB_API_KEY, PAYMOB_INTEGRATION_3DS,
PAYMOB_INTEGRATION_MOTO and API_URL. Run it without a reference first, pay, then run it with the reference.`

const say = (line: string) => process.stdout.write(`${line}\n`)

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) say(USAGE)
  else await check(positionals[0])
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`)
  process.exitCode = 1
}

async function check(reference: string | undefined): Promise<void> {
  const account = new Account(readKeys(process.env))
  if (reference === undefined) await beginChecks(account, say)
  else await finishChecks(account, reference, say)
}
