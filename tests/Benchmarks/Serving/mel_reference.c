/* A plain log-mel spectrogram over FFTW in single precision, as one would write it by hand: what the front end is measured against.
   Compiled by the benchmark itself; the prototypes stand here so that FFTW's headers need not be installed. */
#include <math.h>
#include <stddef.h>

typedef float fftwf_complex[2];
typedef struct fftwf_plan_s *fftwf_plan;
extern fftwf_plan fftwf_plan_dft_r2c_1d(int n, float *in, fftwf_complex *out, unsigned flags);
extern void fftwf_execute(fftwf_plan plan);
extern void *fftwf_malloc(size_t n);

enum { FFTW_MEASURE = 0 };

static int size, bands;
static float *windowed;
static fftwf_complex *spectrum;
static float *power;
static fftwf_plan plan;

void mel_begin(int fft_size, int mel_bins)
{
    size = fft_size;
    bands = mel_bins;
    windowed = fftwf_malloc(sizeof(float) * size);
    spectrum = fftwf_malloc(sizeof(fftwf_complex) * (size / 2 + 1));
    power = fftwf_malloc(sizeof(float) * (size / 2 + 1));
    plan = fftwf_plan_dft_r2c_1d(size, windowed, spectrum, FFTW_MEASURE);
}

/* FFTW alone, on what lies in its buffer. */
void mel_transform_only(int times)
{
    for (int i = 0; i < times; i++)
        fftwf_execute(plan);
}

/* frames x bands decibels; band b weighs the bins first[b] .. first[b] + count[b] with the next weights of the list. */
void mel_compute(const float *samples, int frames, int hop, const float *window, const int *first, const int *count, const float *weights, float *out)
{
    for (int f = 0; f < frames; f++, samples += hop, out += bands) {
        for (int n = 0; n < size; n++)
            windowed[n] = samples[n] * window[n];
        fftwf_execute(plan);
        for (int k = 0; k <= size / 2; k++)
            power[k] = spectrum[k][0] * spectrum[k][0] + spectrum[k][1] * spectrum[k][1];
        const float *weight = weights;
        for (int b = 0; b < bands; b++) {
            const float *bins = power + first[b];
            float sum = 0;
            for (int i = 0; i < count[b]; i++)
                sum += bins[i] * weight[i];
            weight += count[b];
            out[b] = 10 * log10f(fmaxf(1e-10f, sum));
        }
    }
}
