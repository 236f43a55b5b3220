/**
 * The keys that older releases of the official package require in its types: 12.18.0, 17.7.0 and 18.5.0 (MIT License,
 * Copyright (c) 2011- Stripe, Inc.).
 */
export const REQUIRED_KEYS = {
  '2022-11-15': {
    Subscription: `
      id object application application_fee_percent automatic_tax billing_cycle_anchor billing_thresholds cancel_at
      cancel_at_period_end canceled_at cancellation_details collection_method created currency current_period_end
      current_period_start customer days_until_due default_payment_method description discount ended_at items
      latest_invoice livemode metadata next_pending_invoice_item_invoice on_behalf_of pause_collection
      payment_settings pending_invoice_item_interval pending_setup_intent pending_update schedule start_date status
      test_clock transfer_data trial_end trial_settings trial_start`,
    SubscriptionItem: `
      id object billing_thresholds created metadata plan price subscription tax_rates`,
    SubscriptionSchedule: `
      id object application canceled_at completed_at created current_phase customer default_settings end_behavior
      livemode metadata phases released_at released_subscription status subscription test_clock`,
    Invoice: `
      id object account_country account_name account_tax_ids amount_due amount_paid amount_remaining amount_shipping
      application application_fee_amount attempt_count attempted automatic_tax billing_reason charge collection_method
      created currency custom_fields customer customer_address customer_email customer_name customer_phone
      customer_shipping customer_tax_exempt default_payment_method default_tax_rates description discount discounts
      due_date effective_at ending_balance footer from_invoice last_finalization_error latest_revision lines livemode
      metadata next_payment_attempt number on_behalf_of paid paid_out_of_band payment_intent payment_settings
      period_end period_start post_payment_credit_notes_amount pre_payment_credit_notes_amount quote receipt_number
      rendering_options shipping_cost shipping_details starting_balance statement_descriptor status status_transitions
      subscription subscription_details subtotal subtotal_excluding_tax tax test_clock total total_discount_amounts
      total_excluding_tax total_tax_amounts transfer_data webhooks_delivered_at`,
    InvoiceLineItem: `
      id object amount amount_excluding_tax currency description discount_amounts discountable discounts livemode
      metadata period plan price proration proration_details quantity subscription type unit_amount_excluding_tax`,
    InvoiceItem: `
      id object amount currency customer date description discountable discounts invoice livemode metadata period plan
      price proration quantity subscription tax_rates test_clock unit_amount unit_amount_decimal`,
    CreditNote: `
      id object amount amount_shipping created currency customer customer_balance_transaction discount_amount
      discount_amounts effective_at invoice lines livemode memo metadata number out_of_band_amount pdf reason refund
      shipping_cost status subtotal subtotal_excluding_tax tax_amounts total total_excluding_tax type voided_at`,
    CreditNoteLineItem: `
      id object amount amount_excluding_tax description discount_amount discount_amounts livemode quantity tax_amounts
      tax_rates type unit_amount unit_amount_decimal unit_amount_excluding_tax`,
    Charge: `
      id object amount amount_captured amount_refunded application application_fee application_fee_amount
      balance_transaction billing_details calculated_statement_descriptor captured created currency customer
      description destination dispute disputed failure_balance_transaction failure_code failure_message fraud_details
      invoice livemode metadata on_behalf_of outcome paid payment_intent payment_method payment_method_details
      receipt_email receipt_number receipt_url refunded refunds review shipping source source_transfer
      statement_descriptor statement_descriptor_suffix status transfer_data transfer_group`,
    PaymentIntent: `
      id object amount amount_capturable amount_received application application_fee_amount automatic_payment_methods
      canceled_at cancellation_reason capture_method client_secret confirmation_method created currency customer
      description invoice last_payment_error livemode metadata next_action on_behalf_of payment_method
      payment_method_options payment_method_types processing receipt_email review setup_future_usage shipping source
      statement_descriptor statement_descriptor_suffix status transfer_data transfer_group`,
    Discount: `
      id object checkout_session coupon customer end invoice invoice_item promotion_code start subscription`,
    PromotionCode: `
      id object active code coupon created customer expires_at livemode max_redemptions metadata restrictions
      times_redeemed`,
    Customer: `
      id object balance created description email invoice_settings livemode metadata shipping`,
    Product: `
      id object active attributes created description images livemode metadata name package_dimensions shippable
      tax_code type updated url`,
    Price: `
      id object active billing_scheme created currency custom_unit_amount livemode lookup_key metadata nickname
      product recurring tax_behavior tiers_mode transform_quantity type unit_amount unit_amount_decimal`,
    Plan: `
      id object active aggregate_usage amount amount_decimal billing_scheme created currency interval interval_count
      livemode metadata nickname product tiers_mode transform_usage trial_period_days usage_type`,
    'Checkout.Session': `
      id object after_expiration allow_promotion_codes amount_subtotal amount_total automatic_tax
      billing_address_collection cancel_url client_reference_id consent consent_collection created currency
      currency_conversion custom_fields custom_text customer customer_creation customer_details customer_email
      expires_at invoice invoice_creation livemode locale metadata mode payment_intent payment_link
      payment_method_collection payment_method_options payment_method_types payment_status recovered_from setup_intent
      shipping_address_collection shipping_cost shipping_details shipping_options status submit_type subscription
      success_url total_details url`,
    Refund: `
      id object amount balance_transaction charge created currency metadata payment_intent reason receipt_number
      source_transfer_reversal status transfer_reversal`,
  },
  '2025-02-24.acacia': {
    Subscription: `
      id object application application_fee_percent automatic_tax billing_cycle_anchor billing_cycle_anchor_config
      billing_thresholds cancel_at cancel_at_period_end canceled_at cancellation_details collection_method created
      currency current_period_end current_period_start customer days_until_due default_payment_method description
      discount discounts ended_at invoice_settings items latest_invoice livemode metadata
      next_pending_invoice_item_invoice on_behalf_of pause_collection payment_settings pending_invoice_item_interval
      pending_setup_intent pending_update schedule start_date status test_clock transfer_data trial_end trial_settings
      trial_start`,
    SubscriptionItem: `
      id object billing_thresholds created discounts metadata plan price subscription tax_rates`,
    SubscriptionSchedule: `
      id object application canceled_at completed_at created current_phase customer default_settings end_behavior
      livemode metadata phases released_at released_subscription status subscription test_clock`,
    Invoice: `
      id object account_country account_name account_tax_ids amount_due amount_paid amount_remaining amount_shipping
      application application_fee_amount attempt_count attempted automatic_tax automatically_finalizes_at
      billing_reason charge collection_method created currency custom_fields customer customer_address customer_email
      customer_name customer_phone customer_shipping customer_tax_exempt default_payment_method default_tax_rates
      description discount discounts due_date effective_at ending_balance footer from_invoice issuer
      last_finalization_error latest_revision lines livemode metadata next_payment_attempt number on_behalf_of paid
      paid_out_of_band payment_intent payment_settings period_end period_start post_payment_credit_notes_amount
      pre_payment_credit_notes_amount quote receipt_number rendering shipping_cost shipping_details starting_balance
      statement_descriptor status status_transitions subscription subscription_details subtotal subtotal_excluding_tax
      tax test_clock total total_discount_amounts total_excluding_tax total_pretax_credit_amounts total_tax_amounts
      transfer_data webhooks_delivered_at`,
    InvoiceLineItem: `
      id object amount amount_excluding_tax currency description discount_amounts discountable discounts invoice
      livemode metadata period plan pretax_credit_amounts price proration proration_details quantity subscription
      tax_amounts tax_rates type unit_amount_excluding_tax`,
    InvoiceItem: `
      id object amount currency customer date description discountable discounts invoice livemode metadata period plan
      price proration quantity subscription tax_rates test_clock unit_amount unit_amount_decimal`,
    CreditNote: `
      id object amount amount_shipping created currency customer customer_balance_transaction discount_amount
      discount_amounts effective_at invoice lines livemode memo metadata number out_of_band_amount pdf
      pretax_credit_amounts reason refund shipping_cost status subtotal subtotal_excluding_tax tax_amounts total
      total_excluding_tax type voided_at`,
    CreditNoteLineItem: `
      id object amount amount_excluding_tax description discount_amount discount_amounts livemode
      pretax_credit_amounts quantity tax_amounts tax_rates type unit_amount unit_amount_decimal
      unit_amount_excluding_tax`,
    Charge: `
      id object amount amount_captured amount_refunded application application_fee application_fee_amount
      balance_transaction billing_details calculated_statement_descriptor captured created currency customer
      description disputed failure_balance_transaction failure_code failure_message fraud_details invoice livemode
      metadata on_behalf_of outcome paid payment_intent payment_method payment_method_details receipt_email
      receipt_number receipt_url refunded review shipping source source_transfer statement_descriptor
      statement_descriptor_suffix status transfer_data transfer_group`,
    PaymentIntent: `
      id object amount amount_capturable amount_received application application_fee_amount automatic_payment_methods
      canceled_at cancellation_reason capture_method client_secret confirmation_method created currency customer
      description invoice last_payment_error latest_charge livemode metadata next_action on_behalf_of payment_method
      payment_method_configuration_details payment_method_options payment_method_types processing receipt_email review
      setup_future_usage shipping source statement_descriptor statement_descriptor_suffix status transfer_data
      transfer_group`,
    Discount: `
      id object checkout_session coupon customer end invoice invoice_item promotion_code start subscription
      subscription_item`,
    PromotionCode: `
      id object active code coupon created customer expires_at livemode max_redemptions metadata restrictions
      times_redeemed`,
    Customer: `
      id object balance created description email invoice_settings livemode metadata shipping`,
    Product: `
      id object active created description images livemode marketing_features metadata name package_dimensions
      shippable tax_code type updated url`,
    Price: `
      id object active billing_scheme created currency custom_unit_amount livemode lookup_key metadata nickname
      product recurring tax_behavior tiers_mode transform_quantity type unit_amount unit_amount_decimal`,
    Plan: `
      id object active aggregate_usage amount amount_decimal billing_scheme created currency interval interval_count
      livemode metadata meter nickname product tiers_mode transform_usage trial_period_days usage_type`,
    'Checkout.Session': `
      id object adaptive_pricing after_expiration allow_promotion_codes amount_subtotal amount_total automatic_tax
      billing_address_collection cancel_url client_reference_id client_secret consent consent_collection created
      currency currency_conversion custom_fields custom_text customer customer_creation customer_details
      customer_email discounts expires_at invoice invoice_creation livemode locale metadata mode payment_intent
      payment_link payment_method_collection payment_method_configuration_details payment_method_options
      payment_method_types payment_status recovered_from saved_payment_method_options setup_intent
      shipping_address_collection shipping_cost shipping_details shipping_options status submit_type subscription
      success_url total_details ui_mode url`,
    Refund: `
      id object amount balance_transaction charge created currency metadata payment_intent reason receipt_number
      source_transfer_reversal status transfer_reversal`,
  },
  '2025-08-27.basil': {
    Subscription: `
      id object application application_fee_percent automatic_tax billing_cycle_anchor billing_cycle_anchor_config
      billing_mode billing_thresholds cancel_at cancel_at_period_end canceled_at cancellation_details
      collection_method created currency customer days_until_due default_payment_method description discounts ended_at
      invoice_settings items latest_invoice livemode metadata next_pending_invoice_item_invoice on_behalf_of
      pause_collection payment_settings pending_invoice_item_interval pending_setup_intent pending_update schedule
      start_date status test_clock transfer_data trial_end trial_settings trial_start`,
    SubscriptionItem: `
      id object billing_thresholds created current_period_end current_period_start discounts metadata plan price
      subscription tax_rates`,
    SubscriptionSchedule: `
      id object application billing_mode canceled_at completed_at created current_phase customer default_settings
      end_behavior livemode metadata phases released_at released_subscription status subscription test_clock`,
    Invoice: `
      object account_country account_name account_tax_ids amount_due amount_overpaid amount_paid amount_remaining
      amount_shipping application attempt_count attempted automatic_tax automatically_finalizes_at billing_reason
      collection_method created currency custom_fields customer customer_address customer_email customer_name
      customer_phone customer_shipping customer_tax_exempt default_payment_method default_tax_rates description
      discounts due_date effective_at ending_balance footer from_invoice issuer last_finalization_error
      latest_revision lines livemode metadata next_payment_attempt number on_behalf_of parent payment_settings
      period_end period_start post_payment_credit_notes_amount pre_payment_credit_notes_amount receipt_number
      rendering shipping_cost shipping_details starting_balance statement_descriptor status status_transitions
      subtotal subtotal_excluding_tax test_clock total total_discount_amounts total_excluding_tax
      total_pretax_credit_amounts total_taxes webhooks_delivered_at`,
    InvoiceLineItem: `
      id object amount currency description discount_amounts discountable discounts invoice livemode metadata parent
      period pretax_credit_amounts pricing quantity subscription taxes`,
    InvoiceItem: `
      id object amount currency customer date description discountable discounts invoice livemode metadata parent
      period pricing proration quantity tax_rates test_clock`,
    CreditNote: `
      id object amount amount_shipping created currency customer customer_balance_transaction discount_amount
      discount_amounts effective_at invoice lines livemode memo metadata number out_of_band_amount pdf
      post_payment_amount pre_payment_amount pretax_credit_amounts reason refunds shipping_cost status subtotal
      subtotal_excluding_tax total total_excluding_tax total_taxes type voided_at`,
    CreditNoteLineItem: `
      id object amount description discount_amount discount_amounts livemode pretax_credit_amounts quantity tax_rates
      taxes type unit_amount unit_amount_decimal`,
    Charge: `
      id object amount amount_captured amount_refunded application application_fee application_fee_amount
      balance_transaction billing_details calculated_statement_descriptor captured created currency customer
      description disputed failure_balance_transaction failure_code failure_message fraud_details livemode metadata
      on_behalf_of outcome paid payment_intent payment_method payment_method_details receipt_email receipt_number
      receipt_url refunded review shipping source source_transfer statement_descriptor statement_descriptor_suffix
      status transfer_data transfer_group`,
    PaymentIntent: `
      id object amount amount_capturable amount_received application application_fee_amount automatic_payment_methods
      canceled_at cancellation_reason capture_method client_secret confirmation_method created currency customer
      description excluded_payment_method_types last_payment_error latest_charge livemode metadata next_action
      on_behalf_of payment_method payment_method_configuration_details payment_method_options payment_method_types
      processing receipt_email review setup_future_usage shipping source statement_descriptor
      statement_descriptor_suffix status transfer_data transfer_group`,
    Discount: `
      id object checkout_session coupon customer end invoice invoice_item promotion_code start subscription
      subscription_item`,
    PromotionCode: `
      id object active code coupon created customer expires_at livemode max_redemptions metadata restrictions
      times_redeemed`,
    Customer: `
      id object balance created description email invoice_settings livemode metadata shipping`,
    Product: `
      id object active created description images livemode marketing_features metadata name package_dimensions
      shippable tax_code type updated url`,
    Price: `
      id object active billing_scheme created currency custom_unit_amount livemode lookup_key metadata nickname
      product recurring tax_behavior tiers_mode transform_quantity type unit_amount unit_amount_decimal`,
    Plan: `
      id object active amount amount_decimal billing_scheme created currency interval interval_count livemode metadata
      meter nickname product tiers_mode transform_usage trial_period_days usage_type`,
    'Checkout.Session': `
      id object adaptive_pricing after_expiration allow_promotion_codes amount_subtotal amount_total automatic_tax
      billing_address_collection cancel_url client_reference_id client_secret collected_information consent
      consent_collection created currency currency_conversion custom_fields custom_text customer customer_creation
      customer_details customer_email discounts expires_at invoice invoice_creation livemode locale metadata mode
      origin_context payment_intent payment_link payment_method_collection payment_method_configuration_details
      payment_method_options payment_method_types payment_status permissions recovered_from
      saved_payment_method_options setup_intent shipping_address_collection shipping_cost shipping_options status
      submit_type subscription success_url total_details ui_mode url wallet_options`,
    Refund: `
      id object amount balance_transaction charge created currency metadata payment_intent reason receipt_number
      source_transfer_reversal status transfer_reversal`,
  },
} as const
