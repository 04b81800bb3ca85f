/*
 * Counts of times in microseconds, right to 1 % and of one size however many there are: 64 buckets
 * between a power of two and the next, each named by its middle.
 */
#include <stdint.h>

enum { BUCKETS = 64 * 64 };

typedef struct { uint64_t count, buckets[BUCKETS]; } Histogram;

static int bucket_of(uint64_t value) {
	if (value < 64) return (int)value;
	int exponent = 63 - __builtin_clzll(value);
	return (exponent - 5) * 64 + (int)((value >> (exponent - 6)) & 63);
}

static double bucket_value(int bucket) {
	if (bucket < 128) return bucket;
	int exponent = bucket / 64 + 5;
	return (double)(1ULL << exponent) * (1 + (bucket % 64 + 0.5) / 64.0);
}

static void record(Histogram *histogram, int64_t value) {
	histogram->buckets[bucket_of(value > 0 ? (uint64_t)value : 0)]++;
	histogram->count++;
}

/* In milliseconds. */
static double percentile(const Histogram *histogram, double share) {
	uint64_t rank = (uint64_t)(share * (double)histogram->count), seen = 0;
	for (int bucket = 0; bucket < BUCKETS; bucket++) {
		seen += histogram->buckets[bucket];
		if (seen > rank) return bucket_value(bucket) / 1000;
	}
	return 0;
}
