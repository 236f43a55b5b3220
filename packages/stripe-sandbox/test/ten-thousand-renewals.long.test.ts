import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TestSandbox } from './test-sandbox.ts'

const SUBSCRIPTIONS = 10_000
const AT_A_TIME = 16
const MINUTE_MS = 60_000

test('10,000 subscriptions renew in one advance within a minute, each event is delivered, and the state is kept', async () => {
  await using cleanUp = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'stripe-sandbox-'))
  cleanUp.defer(() => rmSync(folder, { recursive: true }))
  const stateFile = join(folder, 'large.state')
  let delivered = 0
  await using receiver = await startCounter(() => (delivered += 1))
  {
    await using it = await TestSandbox.start({ stateFile, webhookEndpoints: [{ url: receiver.url }] })
    const price = await it.aPrice()
    let left = SUBSCRIPTIONS
    const subscribe = async (): Promise<void> => {
      while (left > 0) {
        left -= 1
        const customer = await it.aCustomer()
        await it.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, subscribe))
    await it.sandbox.drained(5 * MINUTE_MS)

    const [before, events] = [delivered, it.sandbox.eventTypes().length]
    const started = performance.now()
    await it.sandbox.advance({ days: 32 })
    const took = performance.now() - started
    process.stdout.write(`${SUBSCRIPTIONS} renewals: ${Math.round(took)} ms\n`)
    const told = it.sandbox.eventTypes().slice(events)
    expect(told.filter((type) => type === 'invoice.paid')).toHaveLength(SUBSCRIPTIONS)
    expect(delivered - before).toBe(told.length)
    expect(took).toBeLessThan(MINUTE_MS)
  }
  await using again = await TestSandbox.start({ stateFile })
  expect(again.sandbox.eventTypes().filter((type) => type === 'invoice.paid')).toHaveLength(2 * SUBSCRIPTIONS)
})

/** An endpoint that only counts. */
async function startCounter(count: () => void) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      count()
      response.end()
    })
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
