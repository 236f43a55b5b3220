import type { EntityManager } from '@mikro-orm/postgresql'
import { Payment } from '../payment.entity.ts'
import type { PaymentView } from '../payment.schemas.ts'
import { paymentView } from './payment-view.ts'

/** Presents a payment's row, by column, that was recorded earlier. */
export const presentRecordedPayment = (em: EntityManager, row: object): PaymentView =>
  paymentView(em.fork().map(Payment, row))
