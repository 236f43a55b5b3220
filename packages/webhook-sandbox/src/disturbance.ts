/** What the receiver answers to Tollgate. `hang`: nothing at all. */
export const ANSWERS = ['200', '500', '429', '410', 'hang'] as const
export type Answer = (typeof ANSWERS)[number]

/** How deliveries go wrong: shares from 0 to 1, and a delay for all of them. */
export interface Disturbance {
  /** Not forwarded at all. */
  readonly drop: number
  /** Forwarded twice. */
  readonly duplicate: number
  /** Held until the next one has been forwarded. */
  readonly reorder: number
  /** How long each one waits before it is forwarded, in milliseconds. */
  readonly delayMs: number
  readonly answer: Answer
}

export const CALM: Disturbance = { drop: 0, duplicate: 0, reorder: 0, delayMs: 0, answer: '200' }

const LONGEST_DELAY = 300_000

/**
 * Reads a disturbance.
 *
 * @param present has what is not given.
 * @throws {Error} that names the wrong field.
 */
export function readDisturbance(given: unknown, present: Disturbance): Disturbance {
  if (typeof given !== 'object' || given === null) throw new Error('The body must be an object.')
  const fields: Readonly<Record<string, unknown>> = { ...given }
  const unknown = Object.keys(fields).find((name) => !Object.hasOwn(CALM, name))
  if (unknown !== undefined) throw new Error(`${unknown} is not a setting: use ${Object.keys(CALM).join(', ')}.`)
  const number = (name: keyof Disturbance & ('drop' | 'duplicate' | 'reorder' | 'delayMs'), highest: number) => {
    const value = fields[name] ?? present[name]
    if (typeof value !== 'number' || !(value >= 0 && value <= highest))
      throw new Error(`${name} must be a number from 0 to ${highest}.`)
    return value
  }
  const wanted = fields['answer'] ?? present.answer
  const answer = ANSWERS.find((each) => each === wanted)
  if (!answer) throw new Error(`answer must be one of ${ANSWERS.join(', ')}.`)
  return {
    ...{ drop: number('drop', 1), duplicate: number('duplicate', 1), reorder: number('reorder', 1) },
    ...{ delayMs: number('delayMs', LONGEST_DELAY), answer },
  }
}
