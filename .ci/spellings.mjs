// Judges what we read in spellings of numbers by Google's own library, and lists where the two differ.
// usage: … | node .ci/spellings.mjs    each line: country, text in JSON, number or why it is none
import { readFileSync } from 'node:fs';
import google from 'google-libphonenumber';

const { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } = google;
const util = PhoneNumberUtil.getInstance();
const TABLE = new URL('../src/verification/phone_number/tests/everywhere.tsv', import.meta.url);

/** The number in E.164 if it is one of a handset, else why not. */
function judge(region, text) {
  try {
    const number = util.parse(text, region);
    if (!util.isValidNumber(number)) return 'invalid';
    const type = util.getNumberType(number);
    const isMobile = type === PhoneNumberType.MOBILE || type === PhoneNumberType.FIXED_LINE_OR_MOBILE;
    return isMobile ? util.format(number, PhoneNumberFormat.E164) : 'no handset';
  } catch (error) {
    return error.message;
  }
}

const digitsOf = (text) => text.normalize('NFKC').replace(/\D/g, '');

/** Why we differ on purpose; each has a test and a line in docs. The rest is what nobody has explained. */
const EXPLAINED = {
  'Korea: only 010 and eight digits are in service': ({ theirs }) => /^\+82/.test(theirs) && !/^\+8210\d{8}$/.test(theirs),
  'Korea: 00 is told to be written as +, whichever of its ways abroad it is': ({ region, ours, text }) =>
    region === 'KR' && ours === 'NeedsPlus' && digitsOf(text).startsWith('00'),
  'Mexico: what stood before a number until 2019 is left out': ({ region, ours, text }) =>
    region === 'MX' && /^\+52\d{10}$/.test(ours) && /^(00)?(52)?(1|01|044|045)\d{10}$/.test(digitsOf(text)),
  'Russia: the block 930 0 is younger than the tables of our library': ({ theirs }) => /^\+79300\d{6}$/.test(theirs),
};

const isNumber = (read) => read.startsWith('+');
const differences = new Map();
let same = 0;

function compare(region, text, ours) {
  const theirs = judge(region, text);
  if (isNumber(ours) || isNumber(theirs) ? ours === theirs : true) return same++;
  const found = { region, text, ours, theirs };
  const why = Object.keys(EXPLAINED).find((name) => EXPLAINED[name](found)) ?? '';
  differences.set(why, [...(differences.get(why) ?? []), found]);
}

for (const line of readFileSync(TABLE, 'utf8').split('\n')) {
  const [region, text, number] = line.split('\t');
  if (text !== undefined && !line.startsWith('#')) compare(region, text, number || 'none');
}
const made = readFileSync(0, 'utf8').split('\n').filter(Boolean);
for (const line of made) {
  const [region, text, ours] = line.split('\t');
  compare(region, JSON.parse(text), ours);
}

console.log(`${made.length} spellings made at random, and a table: ${same} are read alike`);
for (const [why, list] of differences) {
  console.log(`\n${list.length} differ: ${why || 'NOBODY KNOWS WHY'}`);
  for (const { region, text, ours, theirs } of list.slice(0, why ? 3 : 50)) console.log(`  ${region} ${JSON.stringify(text)}: ${ours}, and ${theirs} to Google`);
}
if (made.length < 1000 || differences.has('')) process.exitCode = 1;
