import type { Faults } from './faults.ts'
import { onData, startWire, type Line } from './wire.ts'

export interface LossySmtp extends AsyncDisposable {
  readonly url: string
}

/**
 * Stands between the server and the mail inbox, and cuts the connection at the mails that the faults name: before the
 * inbox sees the mail, or after it has accepted the mail and while its answer is on its way.
 */
export async function startLossySmtp(smtpUrl: string, faults: Faults): Promise<LossySmtp> {
  const { hostname, port } = new URL(smtpUrl)
  const wire = await startWire({ host: hostname, port: Number(port) }, (line) => passOn(line, faults))
  return { url: `smtp://127.0.0.1:${wire.port}`, [Symbol.asyncDispose]: () => wire[Symbol.asyncDispose]() }
}

function passOn(line: Line, faults: Faults): void {
  let isAnswerLost = false
  let isWhole = false
  let end = ''
  onData(line.client, (chunk) => {
    const text = chunk.toString('latin1')
    if (/^MAIL FROM:/i.test(text)) {
      const fault = faults.next('smtp mail')
      if (fault === 'before') {
        line.cut()
        return
      }
      isAnswerLost = fault === 'after'
    }
    end = (end + text).slice(-5)
    if (isAnswerLost && end === '\r\n.\r\n') isWhole = true
    line.server.write(chunk)
  })
  onData(line.server, (chunk) => {
    if (isWhole) line.cut()
    else line.client.write(chunk)
  })
}
