#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { Account, readKeys } from './compare/account.ts'
import { beginComparison, finishComparison } from './compare/compare-account.ts'

const USAGE = `Usage: paymob-compare [REFERENCE]

Compares the sandbox with a Paymob account in test mode: it shows where the real service differs.
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
  if (reference === undefined) await beginComparison(account, say)
  else await finishComparison(account, reference, say)
}
