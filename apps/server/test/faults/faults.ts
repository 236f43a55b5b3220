/** `before`: the call never arrives. `after`: it is carried out, but its answer is lost. */
export type Fault = 'before' | 'after'

/** A call that fails. Its number counts the calls of all wires since the faults were armed. */
export interface PlannedFault {
  readonly call: number
  readonly fault: Fault
}

/** Decides for every call of the server (SQL, Stripe, SMTP) whether it fails. */
export interface Faults {
  /**
   * Each wire asks this before it passes a call on.
   *
   * @param call a description for people, such as `sql commit`.
   * @returns null if the call does not fail.
   */
  next(call: string): Fault | null
  /** Starts counting calls from 0. */
  arm(plan: readonly PlannedFault[]): void
  /** From now on, no call fails. */
  disarm(): { calls: number; thrown: string[] }
}

/** One plan for all wires of a server. The plan alone determines what happens, so a seed can be run again. */
export function createFaults(): Faults {
  let plan = new Map<number, Fault>()
  let isArmed = false
  let calls = 0
  let thrown: string[] = []
  return {
    next(call) {
      if (!isArmed) return null
      const number = calls++
      const fault = plan.get(number) ?? null
      if (fault) thrown.push(`call ${number}: ${fault} ${call}`)
      return fault
    },
    arm(planned) {
      plan = new Map(planned.map(({ call, fault }) => [call, fault]))
      ;[isArmed, calls, thrown] = [true, 0, []]
    },
    disarm() {
      isArmed = false
      return { calls, thrown }
    },
  }
}
