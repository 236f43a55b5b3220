import type { EntityManager } from '@mikro-orm/postgresql'
import { Payment } from '../payment.entity.ts'
import type { PaymentView } from '../payment.schemas.ts'
import { paymentView } from './payment-view.ts'

/** Presents rows of payments, by column, that were recorded earlier. */
export function presentRecordedPayments(em: EntityManager, rows: readonly object[]): PaymentView[] {
  const own = em.fork()
  // Several may be the same payment at different moments: each is presented before the next one is mapped.
  return rows.map((row) => paymentView(own.map(Payment, row)))
}
