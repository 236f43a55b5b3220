import type { ShownQueues } from '../admin-scope.ts'

/** Reduces a job's data to the fields that its queue marks as safe; nothing if the queue no longer exists. */
export function shownData(
  queues: ShownQueues,
  { queue, data }: { queue: string; data: Record<string, unknown> },
): Record<string, unknown> {
  const fields = queues.find(({ name }) => name === queue)?.shownFields ?? []
  return Object.fromEntries(fields.filter((field) => Object.hasOwn(data, field)).map((field) => [field, data[field]]))
}
