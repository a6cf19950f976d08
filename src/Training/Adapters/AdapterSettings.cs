namespace StreamGenre.Training.Adapters;

/// <summary>Everything that decides a training of an adapter.</summary>
/// <param name="Backbone">File of the pre-trained network.</param>
/// <param name="Recordings">Recordings that are learnt from.</param>
/// <param name="Options">How.</param>
internal sealed record AdapterSettings(string Backbone, int Recordings, AdapterOptions Options);
