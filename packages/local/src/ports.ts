import { randomInt } from 'node:crypto'
import { createServer, type AddressInfo, type Server } from 'node:net'

const LOOPBACK = '127.0.0.1'
/**
 * Where free ports are looked for: below those that systems give to outgoing connections (from 32768 on Linux). One of
 * these could be taken between the moment it is found and the start of its program.
 */
const PORTS = [15_000, 32_768] as const
const ATTEMPTS = 50

/** The base URL of an HTTP server on this port of 127.0.0.1, without a trailing slash. */
export const urlOf = (port: number) => `http://${LOOPBACK}:${port}`

/** Whether a TCP server can listen on this port of 127.0.0.1 now; false for ports that this user may not open, too. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Finds `count` different free ports of 127.0.0.1. It keeps all of them open until it has the last one. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}

/** Finds one free port of 127.0.0.1. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  if (port === undefined) throw new Error('The system has no free port.')
  return port
}

async function listenAnywhere(): Promise<Server> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const server = await listenAt(randomInt(...PORTS)).catch(() => null)
    if (server) return server
  }
  return listenAt(0)
}

function listenAt(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => resolve(server))
  })
}
