import { Migration } from '@mikro-orm/migrations'

/**
 * A failed renewal is part of what a subscription's owner sees, so a change of it is an event of the subscription.
 *
 * The subscription's row is not locked here, so what the trigger copies may be old by the time of the commit. Its event
 * says so (`is_read_later`), and the sequencer reads the row again. A previous version does not look at that.
 *
 * Each statement takes a moment, and can be repeated if it was interrupted.
 */
export class RecoveryEvents0054 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(
      `create or replace function note_recovery_event() returns trigger language plpgsql as $$ begin
         perform add_event('subscription.changed', 'subscription', subscription.id::text, subscription.account_id,
           jsonb_build_object('id', subscription.id, ${SUBSCRIPTION.map((column) => `'${column}', subscription.${column}`).join(', ')},
             'is_read_later', true))
         from subscriptions subscription where subscription.id = new.subscription_id;
         return null; end $$`,
    )
    this.addSql(
      `create or replace trigger "recoveries_event_insert" after insert on "recoveries" for each row when (new.ended_at is null) execute function note_recovery_event()`,
    )
    this.addSql(
      `create or replace trigger "recoveries_event_update" after update on "recoveries" for each row when ((${columnsOf('old')}) is distinct from (${columnsOf('new')})) execute function note_recovery_event()`,
    )
  }
}

/** As in 0047. */
const SUBSCRIPTION = [
  ...['account_id', 'plan_id', 'provider', 'status', 'price', 'unit_price', 'quantity', 'discount', 'discounts'],
  ...['currency', 'billing_period', 'interval_unit', 'interval_count', 'started_at', 'current_period_start'],
  ...['current_period_end', 'cancel_at_period_end', 'cancel_at', 'paused_from', 'paused_until', 'canceled_at'],
  ...['ended_at', 'past_due_since', 'followed_at', 'scheduled_plan_id', 'scheduled_billing_period'],
  ...['scheduled_unit_price', 'scheduled_at'],
]
/** The columns that its owner can see. */
const RECOVERY = ['since', 'last_step', 'next_step_at', 'next_retry_at', 'amount', 'currency', 'action', 'ended_at']

const columnsOf = (row: 'old' | 'new'): string => RECOVERY.map((column) => `${row}.${column}`).join(', ')
