/** Replaces missing values while the others are checked. */
export const STAND_INS = {
  DATABASE_URL: 'postgres://host/database',
  ACCESS_TOKEN_SECRET: 'Gk5fWq8ZrT2vYb9NcX4mLs7HdP1jEo6U',
  REFRESH_TOKEN_SECRET: 'Vn3xKw7QyJ5tRb8ZfM2cLs9GdH4pTo6A',
  VALIDATION_TOKEN_SECRET: 'Bz6mTq4XwN8kRy2VfJ7cPs5LdG9hEo3U',
  SMTP_URL: 'smtp://host',
  STRIPE_SECRET_KEY: 'sk_test_0',
  STRIPE_WEBHOOK_SECRET: 'whsec_Xk4vRq9ZmT7wYb2NcF5jLs8HdP3g',
}
