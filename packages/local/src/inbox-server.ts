import { parseArgs } from 'node:util'
import { MailDev } from 'maildev'
import { startFront } from './inbox/front.ts'

/** Maximum number of emails to keep. Beyond it, the oldest is deleted. */
const MAX_MAILS = 10_000

const { values } = parseArgs({
  options: {
    'smtp-port': { type: 'string', default: '0' },
    'web-port': { type: 'string', default: '0' },
    'mail-directory': { type: 'string' },
  },
})

const inbox = new MailDev({
  smtp: Number(values['smtp-port']),
  ip: '127.0.0.1', // maildev's default is every interface
  web: 0, // behind our own page
  webIp: '127.0.0.1',
  mailDirectory: values['mail-directory'],
  maxEmails: MAX_MAILS,
  silent: true,
})

/** The page, once it listens. */
const opened: { front?: Awaited<ReturnType<typeof startFront>> } = {}
let stopping = false
function stop() {
  if (stopping) return
  stopping = true
  opened.front?.close()
  void inbox.stop().finally(() => process.exit(0))
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
process.once('disconnect', stop) // the process that started it has died

const { smtp, api } = await inbox.start()
const smtpPort = smtp.getAddress().port
const apiPort = api?.getAddress()?.port ?? 0
const front = await startFront({ port: Number(values['web-port']), apiPort, smtpPort })
opened.front = front
const ports: InboxPorts = { smtp: smtpPort, web: front.port, api: apiPort }
console.log(`inbox ready: SMTP on port ${ports.smtp}, page on port ${ports.web}`)
process.send?.(ports)

/** The message to the process that started the inbox, once it is ready. */
export interface InboxPorts {
  smtp: number
  web: number
  api: number
}
