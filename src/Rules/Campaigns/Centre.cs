namespace Yizhen.Rules.Campaigns;

/// <summary>
/// Centre of a district, city or province in degrees of BD-09, which is shifted by up to a kilometre: good for telling nearer from farther, never for finding a door.
/// </summary>
public readonly record struct Centre(double Latitude, double Longitude)
{
    public const double KmPerDegree = 111.2;
    private const double DegreesOfHalfTurn = 180;

    /// <summary>On a plane: within a few hundred kilometres the order of distances is the same as on the globe.</summary>
    public double KmTo(Centre other)
    {
        var north = (other.Latitude - Latitude) * KmPerDegree;
        var east = (other.Longitude - Longitude) * KmPerDegree * Narrowing((Latitude + other.Latitude) / 2);
        return Math.Sqrt((north * north) + (east * east));
    }

    /// <summary>How much shorter a degree of longitude is than one of latitude.</summary>
    public static double Narrowing(double latitude) => Math.Cos(latitude * Math.PI / DegreesOfHalfTurn);
}
