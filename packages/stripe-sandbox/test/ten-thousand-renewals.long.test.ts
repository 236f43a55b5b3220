import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TestSandbox } from './test-sandbox.ts'
import { startEndpoint } from './webhook-receiver.ts'

const SUBSCRIPTIONS = 10_000
const AT_A_TIME = 16
const MINUTE_MS = 60_000

test('10,000 subscriptions renew within a minute of CPU time in one advance, deliver every event and are kept in the state file', async () => {
  await using cleanUp = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'stripe-sandbox-'))
  cleanUp.defer(() => rmSync(folder, { recursive: true }))
  const stateFile = join(folder, 'large.state')
  let delivered = 0
  await using receiver = await startEndpoint((response) => {
    delivered += 1
    response.end()
  })
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
    const [started, cpu] = [performance.now(), process.cpuUsage()]
    await it.sandbox.advance({ days: 32 })
    const elapsed = performance.now() - started
    const { user, system } = process.cpuUsage(cpu)
    // Not the elapsed time, which depends on what else the machine does.
    const took = (user + system) / 1000
    process.stdout.write(
      `${SUBSCRIPTIONS} renewals: ${Math.round(took)} ms of CPU time, ${Math.round(elapsed)} ms in all\n`,
    )
    const emitted = it.sandbox.eventTypes().slice(events)
    expect(emitted.filter((type) => type === 'invoice.paid')).toHaveLength(SUBSCRIPTIONS)
    expect(delivered - before).toBe(emitted.length)
    expect(took).toBeLessThan(MINUTE_MS)
  }
  await using again = await TestSandbox.start({ stateFile })
  expect(again.sandbox.eventTypes().filter((type) => type === 'invoice.paid')).toHaveLength(2 * SUBSCRIPTIONS)
})
