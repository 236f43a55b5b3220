/** A call that never arrives, or one that is carried out and whose answer is lost. */
export type Fault = 'before' | 'after'

/** Which calls go wrong: the how-manieth since the faults were armed, over all wires together. */
export interface PlannedFault {
  readonly call: number
  readonly fault: Fault
}

/** Decides for every call that the server makes (SQL, Stripe, SMTP) whether it goes wrong. */
export interface Faults {
  /**
   * Asked by each wire before it passes a call on.
   *
   * @param call what people need to recognise it, such as `sql commit`.
   */
  next(call: string): Fault | null
  /** Begins to count from 0. */
  arm(plan: readonly PlannedFault[]): void
  /** From now on all goes well. */
  disarm(): { calls: number; thrown: string[] }
}

/** One plan for all wires of one server: what happens is told by the plan alone, so a seed can be run again. */
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
