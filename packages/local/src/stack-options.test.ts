import { createServer, type AddressInfo, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { claimPorts, readStackOptions } from './stack-options.ts'

const anywhere = { api: 0, web: 0, stripe: 0, oauth: 0, mailWeb: 0, mailSmtp: 0, paymob: 0, webhooks: 0 }

test('the default ports are those of the contract, and an empty variable counts as missing', () => {
  const { ports, databaseUrl } = readStackOptions({ PORT: '', DATABASE_URL: '' })
  expect(ports).toEqual({
    api: 3000,
    web: 3001,
    stripe: 3002,
    oauth: 3003,
    mailWeb: 3004,
    mailSmtp: 3005,
    paymob: 3006,
    webhooks: 3007,
  })
  expect(databaseUrl).toBeUndefined()
})

test('one error names every invalid port', () => {
  const read = () => readStackOptions({ PORT: 'http', WEB_PORT: '70000' })
  expect(read).toThrow('PORT must be a port (0 to 65535), WEB_PORT must be a port (0 to 65535).')
})

test('0 means any free port, and each part gets a different one', async () => {
  const ports = Object.values(await claimPorts(anywhere))
  expect(new Set(ports).size).toBe(ports.length)
  expect(ports).not.toContain(0)
  // An outgoing connection of any program could take a port from here on before its own program starts.
  for (const port of ports) expect(port).toBeLessThan(32_768)
})

test('the error names the taken port and the variable that changes it', async () => {
  await using server = await listening()
  const { port } = server.address() as AddressInfo
  const claim = claimPorts({ ...anywhere, stripe: port })
  await expect(claim).rejects.toThrow(`Port ${port} is taken, so the Stripe sandbox can't use it`)
  await expect(claim).rejects.toThrow('set STRIPE_SANDBOX_PORT to another port')
})

test('two parts cannot have the same port', async () => {
  const { web } = await claimPorts(anywhere)
  await expect(claimPorts({ ...anywhere, web, mailWeb: web })).rejects.toThrow(
    `MAIL_WEB_PORT and WEB_PORT are both ${web}`,
  )
})

function listening(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
  })
}
