import type { Disturbance } from './disturbance.ts'
import type { Forwarder } from './forwarder.ts'
import type { Inbox } from './inbox.ts'
import type { Settings } from './settings.ts'

/** All parts of the program, as the routes and the page use them. */
export interface Receiver {
  readonly inbox: Inbox
  readonly forwarder: Forwarder
  readonly settings: Settings
  disturbance: Disturbance
  /** Where Tollgate sends to. */
  hookUrl: string
}

/** Changes whenever the page would show something else. */
export const stateOf = ({ inbox }: Receiver): string => {
  const [newest] = inbox.all()
  const forwards = inbox.all().reduce((sum, { forwards, isDropped }) => sum + forwards.length + Number(isDropped), 0)
  return `${newest?.number ?? 0}-${forwards}`
}
