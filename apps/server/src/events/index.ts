import { EventObject } from './event-object.entity.ts'
import { Event } from './event.entity.ts'

export { eventsRetention } from './events.retention.ts'
export type { EventsDeps } from './events-scope.ts'
export { listEvents } from './feed/list-events.ts'
export { runSequencer } from './feed/run-sequencer.ts'
export { createSequencer } from './feed/sequencer.ts'

export const eventsEntities = [Event, EventObject]
