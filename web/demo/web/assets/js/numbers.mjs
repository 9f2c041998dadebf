// Numbers and days as people read them.

const COUNT = new Intl.NumberFormat('en');
const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const DAY_AND_YEAR = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

export const count = (value) => COUNT.format(value);

export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

export const megabytes = (bytes) => (bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);

export function day(text) {
  const date = new Date(`${text}T00:00:00Z`);
  return (date.getUTCFullYear() === new Date().getFullYear() ? DAY : DAY_AND_YEAR).format(date);
}

export function isPast(text) {
  const now = new Date();
  const today = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
  return text < today;
}
