import { createServer, type AddressInfo } from 'node:net'

const LOOPBACK = '127.0.0.1'

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

function listenAnywhere(): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port: 0, host: LOOPBACK }, () => resolve(server))
  })
}
