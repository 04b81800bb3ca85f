/** What the interviewer says about what it sees, and to Timmy. */
import type { Knowledge, Sight } from "./knowledge.ts";
import { ofForeign, ofLantern, ofPlant } from "./sights.ts";
import type { Line } from "./wording.ts";
import { capitalized, counted, numberWord, plural } from "./words.ts";

/** The interviewer, who takes notes. */
export const NOTES: readonly Line<Sight>[] = [
	ofPlant(({ it, age }) => `Note: ${it}, ${age} old, no comment.`),
	ofPlant(
		({ own, neighbour }) =>
			`Sources close to ${own} say nothing. The closest is ${neighbour ?? "the lawn"}.`,
	),
	ofPlant(
		({ it }) => `I have a question about ${it}. I shall save it for Timmy.`,
	),
	ofPlant(({ own }) => `${own} photographs well. From this side, anyway.`),
	ofPlant(
		({ own, kind }) =>
			`For the record: ${own} is ${kind}, and leans to the left only politically.`,
	),
	ofPlant(({ it }) => `“A life in one place”, by ${it}. I would read that.`),
	ofForeign(
		({ it, age }) =>
			`${capitalized(it)}: here for ${age}, and already a landmark.`,
	),
	ofForeign(({ it }) => `Who put up ${it}, and do they give interviews?`),
	ofForeign(
		({ it }) => `Unsigned work: ${it}. I shall find out who is proud of it.`,
	),
	ofLantern(
		({ it, age }) =>
			`${capitalized(it)} has burnt for ${age} without a single interview.`,
	),
	ofLantern(
		({ it }) =>
			`I could write a whole page by ${it}. It is exactly bright enough.`,
	),
	({ lanterns, plants, thing }) =>
		thing.owner === "timmy"
			? `${capitalized(counted(plants, "plant"))}, ${counted(lanterns, "lantern")}. I always count before I ask.`
			: undefined,
	ofPlant(
		({ own }) =>
			`${own} was asked for a statement and rustled. I take that as a yes.`,
	),
	ofPlant(({ it, age }) => `Profile of ${it}: ${age} of experience, no email.`),
];

/** The interviewer, who would like an interview. */
export const INVITATIONS: readonly Line<Knowledge>[] = [
	() => "Timmy, do you have a minute for me?",
	({ plants }) => `Timmy! A word about your ${counted(plants, "plant")}?`,
	({ newest }) =>
		newest?.plant &&
		`Timmy, my readers want to know about ${newest.plant.name}.`,
	({ oldest }) =>
		oldest?.plant &&
		`A few questions, Timmy, before ${oldest.plant.name} gets any older?`,
	({ heads }) =>
		`Timmy, the press is here. That is one of ${counted(heads, "head")}: me.`,
	({ commonest }) =>
		commonest && `Timmy, one word on ${plural(commonest.species)}? Or forty?`,
	({ lanterns }) =>
		`May I borrow you, Timmy, and the light of ${counted(lanterns, "lantern")}?`,
];

/** The interviewer, with the fee. */
export const PAID: readonly Line<Knowledge>[] = [
	({ plants }) =>
		`Thank you, Timmy. For your ${counted(plants, "plant")}, and the next one.`,
	({ newest }) =>
		newest?.plant &&
		`That was all. Please buy ${newest.plant.name} something nice.`,
	({ oldest }) =>
		oldest?.plant && `Thank you, Timmy. My regards to ${oldest.plant.name}.`,
	({ lanterns }) =>
		`Thank you. A little something towards the ${counted(lanterns, "lantern")}.`,
	({ commonest }) =>
		commonest &&
		`Print that, with a picture of the ${plural(commonest.species)}. Thank you, Timmy.`,
	({ heads }) =>
		`Good talk, Timmy. All ${numberWord(heads)} of us have learned something.`,
];

/** The interviewer, when Timmy does not come. */
export const UNANSWERED: readonly Line<Knowledge>[] = [
	() => "He is busy. I will ask again in a moment.",
	({ plants }) =>
		`No answer. I could interview one of the ${counted(plants, "plant")} instead.`,
	() => "“No comment” would at least have been a comment.",
];
